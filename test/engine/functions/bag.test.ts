import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('bags', () => {
  it.each([
    ['bag_pack("a", 1, "b", "x", "c", long(null))', { a: 1, b: 'x', c: null }],
    ['pack("a", bag_pack("b", 1s))', { a: { b: '00:00:01' } }],
    ['pack_dictionary("a", true)', { a: true }],
    ['bag_keys(dynamic({"b": 1, "a": {"c": 2}}))', ['b', 'a']],
    ['bag_keys(parse_json("[1]"))', null],
    ['bag_merge(dynamic({"a": 1, "b": 2}), dynamic({"a": 9, "c": 3}))', { a: 1, b: 2, c: 3 }],
    ['bag_merge(dynamic({"a": 1}), dynamic(null))', { a: 1 }],
    ['bag_remove_keys(dynamic({"a": 1, "b": {"c": 2, "d": 3}}), dynamic(["a", "$.b.c", "z"]))', { b: { d: 3 } }],
    ['bag_remove_keys(dynamic({"a": 1}), dynamic([]))', { a: 1 }],
    ['bag_remove_keys(parse_json("[1]"), dynamic(["a"]))', null],
    ['bag_has_key(dynamic({"a": null}), "a")', true],
    ['bag_has_key(dynamic({"a": {"b": [1]}}), "$.a.b[0]")', true],
    ['bag_has_key(dynamic({"a": 1}), "b")', false],
    ['bag_has_key(dynamic(null), "b")', null],
    ['bag_set_key(dynamic({"a": 1}), "b", "x")', { a: 1, b: 'x' }],
    ['bag_set_key(dynamic({"a": {"b": 1}}), "$.a.c.d", 2)', { a: { b: 1, c: { d: 2 } } }],
    ['bag_set_key(dynamic({"a": 1}), "$.a.b", 2)', null],
    ['bag_set_key(parse_json("[1]"), "b", 2)', null],
    ['bag_zip(dynamic(["a", 1, "b"]), dynamic([1, 2]))', { a: 1, b: null }],
    ['bag_zip(parse_json("a"), dynamic([1]))', null],
    ['treepath(dynamic({"a": [1, {"b": 2}], "c": {}}))', ["['a']", "['a'][0]", "['a'][0]['b']", "['c']"]],
    ['treepath(parse_json("1"))', null],
    ['dynamic_to_json(dynamic({"b": [2, 1], "a": {"d": 1, "c": 2}}))', '{"a":{"c":2,"d":1},"b":[2,1]}'],
    ['dynamic_to_json(dynamic(null))', ''],
    ['bag_pack("__proto__", 1)["__proto__"]', 1],
    ['extract_json("$.a[1].b", \'{"a": [0, {"b": "x"}]}\')', 'x'],
    ['extract_json("$.a", \'{"a": "5"}\', typeof(long))', 5],
    ['extract_json("$.a", \'{"a": {"b": 1}}\')', '{"b":1}'],
    ['extract_json("$[\'a b\']", \'{"a b": 1}\', typeof(int))', 1],
    ['extract_json("$.z", \'{"a": 1}\')', ''],
    ['extract_json("$.a", "not json")', ''],
    ['extractjson("$..a", \'{"a": 1}\')', ''],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
