import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { call, type Foreign, foreignList, member } from '../../../src/kql/parser/foreign.ts';
import { loadKusto } from '../../../src/kql/parser/runtime.ts';
import { shareParsers } from '../../../src/kql/parser/shared-parsers.ts';
import { plainRealm } from './fresh-realm.ts';

const ROOT = new URL('../../../', import.meta.url);

/** What a parser makes of a text: every node with its kind and place, and every complaint. */
function reading(language: Foreign, text: string): readonly string[] {
  const globals = member(member(language, 'GlobalState'), 'Default');
  const code = call(member(language, 'KustoCode'), 'Parse', text, globals);
  const nodes: string[] = [];
  const visit = (node: Foreign): void => {
    nodes.push([member(node, 'Kind'), member(node, 'TextStart'), member(node, 'End')].join(' '));
    for (let index = 0; index < Number(member(node, 'ChildCount')); index += 1) {
      const child = call(node, 'GetChild', index);
      if (child) visit(child);
    }
  };
  visit(member(code, 'Syntax'));
  const complaints = foreignList(call(code, 'GetSyntaxDiagnostics')).map((one) =>
    ['Code', 'Start', 'Length', 'Message'].map((name) => member(one, name)).join(' '),
  );
  return [...nodes, ...complaints];
}

const OPERATORS = [
  'where', 'filter', 'as', 'consume', 'count', 'distinct', 'evaluate', 'extend', 'fork', 'getschema', 'graph-match', 'graph-to-table',
  'invoke', 'join', 'lookup', 'make-graph', 'make-series', 'mv-apply', 'mv-expand', 'order', 'parse', 'parse-where', 'parse-kv',
  'partition', 'project', 'project-away', 'reduce', 'render', 'sample', 'sample-distinct', 'scan', 'serialize', 'sort', 'summarize',
  'take', 'top', 'top-hitters', 'top-nested', 'union',
]; // biome-ignore format: a list
const PARAMETERS = [
  'kind=inner', 'kind=', 'hint.strategy=shuffle', 'hint.shufflekey=a', 'hint.remote=left', 'hint.materialized=true', 'withsource=s',
  'with_source=s', 'isfuzzy=true', 'bagexpansion=array', 'with_itemindex=i', 'decodeblocks=1', 'hint.num_partitions=2', 'flags=U',
  'hint.pass_filters_column=a, b', 'nonsense=1', 'with_match_id=m', 'output=all', 'cycles=none', 'id="x"', '"', '', 'a =~ "x"', '(U) on a',
]; // biome-ignore format: a list

function queries(): readonly string[] {
  const rules = readdirSync(new URL('rules/', ROOT)).map((name) =>
    readFileSync(new URL(`rules/${name}`, ROOT), 'utf8'),
  );
  const shipped = rules.map((text) => (parse(text) as { readonly query: string }).query);
  const all = PARAMETERS.filter((one) => /=[a-z]/.test(one)).join(' ');
  const made = [
    ...OPERATORS.map((operator) => `T | ${operator} ${all} x`),
    ...PARAMETERS.flatMap((parameter) =>
      ['where', 'join', 'evaluate'].map((operator) => `T | ${operator} ${parameter} x`),
    ),
  ];
  return [...shipped, ...made, 'let f = (x: long = 1) { x * 2 }; datatable (a: long) [1, 2] | extend b = f(a)', ''];
}

describe('a parser that shares the parts of its grammar', () => {
  it('reads every operator with every parameter as one that does not', async () => {
    const plain = plainRealm().language;
    const { language: sharing } = await loadKusto();
    for (const text of queries()) expect([text, reading(sharing, text)]).toEqual([text, reading(plain, text)]);
  });

  it('is left alone where it lacks what could be shared', () => {
    const empty = { Parsing: { SyntaxParsers: {}, QueryGrammar: {} } } as unknown as Foreign;
    expect(() => shareParsers(empty)).not.toThrow();
    expect(empty).toEqual({ Parsing: { SyntaxParsers: {}, QueryGrammar: {} } });
  });
});
