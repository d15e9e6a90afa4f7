import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { call, type Foreign, foreignList, member } from '../../../src/kql/parser/foreign.ts';
import { quickenOperators } from '../../../src/kql/parser/quick-operators.ts';
import { plainRealm } from './fresh-realm.ts';

const RULES = new URL('../../../rules/', import.meta.url);

const VALUES = ['1', '1.5', '"x"', 'now()', 'dynamic(1)', 'Nothing'];
const OPERATORS = ['+', '-', '/', '==', '<', 'and', '=~', 'has', 'matches regex'];

function queries(): readonly string[] {
  const rules = readdirSync(RULES)
    .slice(0, 3)
    .map((name) => readFileSync(new URL(name, RULES), 'utf8'));
  const all = OPERATORS.map((operator) => {
    const pairs = VALUES.flatMap((left) => VALUES.map((right) => `${left} ${operator} (${right})`));
    return `print ${pairs.join(', ')}`;
  });
  return [
    ...rules.map((text) => (parse(text) as { readonly query: string }).query),
    ...all,
    'print A = -1, B = -1h, C = -"x", D = +true; T | where * has "x" and * == 1 and * contains "y"',
    'print 1 in (1, 2, 3), 1 in ("a"), "a" in~ ("a", 1), 1 in (1, 2.5), "a" has_any ("b", "c", "d"), "a" !in (T), 1 between (1 .. 2)',
    'print 1 in (1, 2, 3), 1 in (1, 2), 1 in (1, "a", 2), now() between (ago(1h) .. 1h), 1 !between (1.5 .. 2)',
  ];
}

type Find = (
  this: unknown,
  signatures: Foreign,
  operands: Foreign,
  types: Foreign,
  result: Foreign,
  strict?: boolean,
) => void;

it('finds for operands of the same types the forms that the parser finds anew, and tells the same of a query', () => {
  const { language } = plainRealm();
  const { prototype } = member(member(language, 'Binding'), 'Binder') as unknown as { prototype: Record<string, Find> };
  const plain = prototype.GetBestMatchingSignatures;
  quickenOperators(language);
  const quick = prototype.GetBestMatchingSignatures;
  if (!plain || !quick) throw new Error('There is no such function.');
  expect(quick).not.toBe(plain);
  let asked = 0;
  const different: string[] = [];
  prototype.GetBestMatchingSignatures = function (signatures, operands, types, result, strict) {
    const List = member(member(result, 'constructor') as Foreign, 'ctor') as unknown as new () => Foreign;
    const other = new List();
    quick.call(this, signatures, operands, types, result, strict);
    plain.call(this, signatures, operands, types, other, strict);
    asked += 1;
    const found = foreignList(result);
    const wanted = foreignList(other);
    if (found.length !== wanted.length || found.some((one, index) => one !== wanted[index]))
      different.push(
        foreignList(types)
          .map((type) => member(type, 'Name'))
          .join(', '),
      );
  };
  const globals = member(member(language, 'GlobalState'), 'Default');
  for (const text of [...queries(), ...queries().slice(-2)])
    call(member(language, 'KustoCode'), 'ParseAndAnalyze', text, globals);
  expect(different).toEqual([]);
  expect(asked).toBeGreaterThan(500);
});
