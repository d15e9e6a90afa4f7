import fc from 'fast-check';
import { WORDS } from './tables.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
export const literal = fc.constantFrom(...WORDS).map(quoted);
const whole = fc.integer({ min: -3, max: 3 }).map(String);
const compare = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const numeric = fc.constantFrom(
  'a',
  'b',
  'r',
  'a + b',
  'a * 2',
  'b - 1',
  'toint(r)',
  'strlen(s)',
  'tolong(j)',
  'coalesce(a, 0)',
  'a % 2',
);
const textual = fc.constantFrom(
  's',
  'u',
  'tolower(s)',
  'strcat(s, u)',
  'tostring(a)',
  'tostring(j)',
  'trim("a", s)',
  'substring(s, 1)',
);
const search = fc.constantFrom(
  '==',
  '!=',
  '=~',
  '!~',
  'has',
  '!has',
  'contains',
  '!contains',
  'startswith',
  '!startswith',
  'endswith',
  'has_cs',
  'contains_cs',
  'hasprefix',
  'hassuffix',
);

const join = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(' '));

const atom = fc.oneof(
  join(numeric, compare, whole),
  join(numeric, compare, numeric),
  join(textual, search, literal),
  join(textual, '==', textual),
  join('isnull(', numeric, ')'),
  join('isempty(', textual, ')'),
  join('isnotempty(', textual, ')'),
  join('d', compare, 'datetime(2014-01-02)'),
  join('d - datetime(2014-01-01)', compare, 't'),
  join('t', compare, fc.constantFrom('1h', '-2h', '0s')),
  fc.constantFrom('f', 'f == true', 'f != true', 'not(f)', 'isnull(f)', 'f and isnotnull(a)'),
  fc.constantFrom(
    'j.k == 1',
    'tostring(j.k) == "a"',
    'isnull(j)',
    'array_length(j) > 0',
    'j[0] == 1',
    'isnotnull(j.k)',
  ),
  join('s matches regex', fc.constantFrom('"^a"', '"[0-9]+"', '"(?i)foo"', '"^$"', '"."')),
  join('a between (', whole, '..', whole, ')'),
  join('a in (', whole, ',', whole, ')'),
  join('s in~ (', literal, ',', literal, ')'),
  join('s has_any (', literal, ',', literal, ')'),
  join('u !in (', literal, ',', literal, ')'),
);

/** A condition over the columns of T: true, false or null. */
export const predicate: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    join('(', tie('node'), fc.constantFrom('and', 'or'), tie('node'), ')'),
    join('not(', tie('node'), ')'),
    join('iff(', tie('node'), ',', tie('node'), ',', tie('node'), ')'),
  ),
})).node;

/** Something to group, sort and join by. */
export const key = fc.constantFrom('a', 'b', 'r', 's', 'u', 'd', 't', 'f');
export const number = fc.constantFrom('a', 'b', 'r', 'id');
export { whole as wholeNumber };
