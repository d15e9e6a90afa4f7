import fc from 'fast-check';
import { key, literal, number, predicate, wholeNumber } from './predicates.ts';

/** Parts of a query that must agree: each gives the same rows in any order, or the first as many as the others together. */
export interface Relation {
  readonly name: string;
  readonly kind: 'same rows' | 'adds up';
  readonly parts: readonly string[];
}

type Make<T extends readonly string[]> = (...given: T) => readonly string[];

function relation<const T extends readonly fc.Arbitrary<string>[]>(
  name: string,
  kind: Relation['kind'],
  given: T,
  make: Make<{ [K in keyof T]: string }>,
): fc.Arbitrary<Relation> {
  return fc.tuple(...given).map((values) => ({ name, kind, parts: make(...(values as { [K in keyof T]: string })) }));
}

const joinKey = fc.constantFrom('a', 's', 'f');

/** What holds of any engine of this language, whatever the rows are. */
export const relations: readonly fc.Arbitrary<Relation>[] = [
  relation('a condition is true, false or null', 'adds up', [predicate], (p) => [
    'T',
    `T | where ${p}`,
    `T | where not(${p})`,
    `T | where isnull(${p})`,
  ]),
  relation('filters one after another are one with and', 'same rows', [predicate, predicate], (p, q) => [
    `T | where ${p} and ${q} | project id`,
    `T | where ${p} | where ${q} | project id`,
    `T | where ${q} | where ${p} | project id`,
    `T | where not(not(${p})) | where ${q} | project id`,
  ]),
  relation('or is the union', 'adds up', [predicate, predicate], (p, q) => [
    `union (T | where ${p}), (T | where ${q})`,
    `T | where ${p} or ${q}`,
    `T | where ${p} and ${q}`,
  ]),
  relation('a filter may stand before or behind new columns', 'same rows', [predicate, number], (p, n) => [
    `T | where ${p} | extend z = ${n} + 1 | project id, z`,
    `T | extend z = ${n} + 1 | where ${p} | project id, z`,
    `T | extend keep = (${p}), z = ${n} + 1 | where keep | project id, z`,
    `T | extend z = ${n} + 1 | project-rename c = id | where ${p} | project id = c, z`,
  ]),
  relation('counting a condition is filtering by it', 'same rows', [predicate], (p) => [
    `T | where ${p} | count | project n = Count`,
    `T | summarize n = countif(${p})`,
    `T | summarize n = tolong(sum(iff(${p}, 1, 0))) | extend n = coalesce(n, 0)`,
    `T | extend p = (${p}) | summarize c = count() by p | where p == true | summarize n = coalesce(sum(c), 0)`,
  ]),
  relation('sides of an inner join exchanged', 'same rows', [joinKey], (k) => [
    `T | join kind=inner U on ${k} | project id, uid`,
    `U | join kind=inner T on ${k} | project id, uid`,
    `T | extend k2 = ${k} | join kind=inner (U | extend k2 = ${k}) on k2 | project id, uid`,
  ]),
  relation('outer joins exchanged', 'same rows', [joinKey], (k) => [
    `T | join kind=leftouter U on ${k} | project id, uid`,
    `U | join kind=rightouter T on ${k} | project id, uid`,
    `union (T | join kind=inner U on ${k} | project id, uid), (T | join kind=leftanti U on ${k} | project id, uid = long(null))`,
  ]),
  relation('a row has a partner or not', 'adds up', [joinKey], (k) => [
    'T',
    `T | join kind=leftsemi U on ${k}`,
    `T | join kind=leftanti U on ${k}`,
  ]),
  relation('a filter may go through a join', 'same rows', [joinKey, predicate], (k, p) => [
    `T | where ${p} | join kind=inner U on ${k} | project id, uid`,
    `T | extend keep = (${p}) | join kind=inner U on ${k} | where keep | project id, uid`,
  ]),
  relation('a subquery of in() is a semijoin', 'same rows', [joinKey], (k) => [
    `T | where isnotnull(${k}) and ${k} in (U | project ${k}) | project id`,
    `T | where isnotnull(${k}) | join kind=leftsemi U on ${k} | project id`,
  ]),
  relation('groups hold all rows', 'same rows', [key], (k) => [
    'T | count | project n = Count',
    `T | summarize c = count() by ${k} | summarize n = coalesce(sum(c), 0)`,
    `T | summarize c = count() by ${k}, id | summarize n = count()`,
  ]),
  relation('distinct is summarize by', 'same rows', [key, key], (k, l) => [
    `T | project x = ${k}, y = ${l} | distinct x, y`,
    `T | summarize by x = ${k}, y = ${l}`,
    `T | summarize count() by x = ${k}, y = ${l} | project x, y`,
    `union T, T | summarize by x = ${k}, y = ${l}`,
  ]),
  relation('aggregates of a union from its parts', 'same rows', [predicate, number, key], (p, n, k) => [
    `T | summarize c = count(), lo = min(${n}), hi = max(${n}) by ${k}`,
    `union (T | where ${p}), (T | where not(${p})), (T | where isnull(${p})) | summarize c = count(), lo = min(${n}), hi = max(${n}) by ${k}`,
    `union (T | where ${p} | summarize c = count(), lo = min(${n}), hi = max(${n}) by ${k}), (T | where not(${p}) or isnull(${p}) | summarize c = count(), lo = min(${n}), hi = max(${n}) by ${k}) | summarize c = sum(c), lo = min(lo), hi = max(hi) by ${k}`,
  ]),
  relation(
    'top is sort and take',
    'same rows',
    [key, fc.constantFrom('asc', 'desc'), fc.constantFrom('0', '1', '3', '50')],
    (k, way, n) => [
      `T | sort by ${k} ${way} | take ${n} | project ${k}`,
      `T | top ${n} by ${k} ${way} | project ${k}`,
      `T | sort by ${k} ${way}, id asc | take ${n} | project ${k}`,
    ],
  ),
  relation(
    'sorting loses nothing',
    'same rows',
    [key, fc.constantFrom('asc', 'desc', 'asc nulls last', 'desc nulls first')],
    (k, way) => [
      'T | project id',
      `T | sort by ${k} ${way} | project id`,
      `T | serialize | extend n = row_number() | sort by ${k} ${way}, n asc | project id`,
    ],
  ),
  relation('in is a row of ==', 'same rows', [wholeNumber, wholeNumber], (x, y) => [
    `T | where a in (${x}, ${y}) | project id`,
    `T | where a == ${x} or a == ${y} | project id`,
    `T | where not(a !in (${x}, ${y})) | project id`,
    `T | where set_has_element(dynamic([${x}, ${y}]), a) | project id`,
  ]),
  relation('in~ is a row of =~', 'same rows', [literal, literal], (x, y) => [
    `T | where s in~ (${x}, ${y}) | project id`,
    `T | where s =~ ${x} or s =~ ${y} | project id`,
    `T | where not(s !in~ (${x}, ${y})) | project id`,
  ]),
  relation('has_any is a row of has', 'same rows', [literal, literal], (x, y) => [
    `T | where s has_any (${x}, ${y}) | project id`,
    `T | where s has ${x} or s has ${y} | project id`,
  ]),
  relation('has_all is has and has', 'same rows', [literal, literal], (x, y) => [
    `T | where s has_all (${x}, ${y}) | project id`,
    `T | where s has ${x} and s has ${y} | project id`,
  ]),
  relation('between is two comparisons', 'same rows', [number, wholeNumber, wholeNumber], (n, x, y) => [
    `T | where ${n} between (${x} .. ${y}) | project id`,
    `T | where ${n} >= ${x} and ${n} <= ${y} | project id`,
  ]),
  relation('case is nested iff', 'same rows', [predicate, predicate], (p, q) => [
    `T | project id, z = case(${p}, 1, ${q}, 2, 3)`,
    `T | project id, z = iff(${p}, 1, iff(${q}, 2, 3))`,
  ]),
  relation('expanding a pack doubles the rows', 'adds up', [number], (n) => [
    `T | extend z = pack_array(${n}, id) | mv-expand z`,
    'T',
    'T',
  ]),
  relation('lists hold what is not null', 'same rows', [key], (k) => [
    `T | where isnotnull(${k}) | count | project n = Count`,
    `T | summarize n = array_length(make_list(${k}))`,
    `T | summarize n = count() - countif(isnull(${k}))`,
  ]),
  relation('partitions are filters', 'same rows', [key], (k) => [
    `T | partition by ${k} (summarize n = count(), m = max(id)) | project n, m`,
    `T | summarize n = count(), m = max(id) by ${k} | project n, m`,
  ]),
  relation('the largest is the top', 'same rows', [number, key], (n, k) => [
    `T | project x = ${n}, g = ${k} | where isnotnull(x) | summarize arg_max(x, *) by g | project x`,
    `T | project x = ${n}, g = ${k} | where isnotnull(x) | summarize x = max(x) by g | project x`,
  ]),
  relation('a table twice is twice as many', 'adds up', [predicate], (p) => [
    `union (T | where ${p}), (T | where ${p})`,
    `T | where ${p}`,
    `T | where ${p}`,
  ]),
];
