import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts';
import { replaceYamlList } from '../../../src/lib/yaml/replace-list.ts';

const AT = ['tests', 0, 'alerts'];
const FILE = (alerts: string): string => `# head
id:   a     # odd   spacing
tests:
    - name: 't'   # quoted
      alerts:${alerts}
      now: 2026-01-01T00:00:00Z
# tail
`;
const ONE = [{ title: 'A: b', severity: 'high', entities: [{ type: 'host', name: 'pc1' }] }];

describe('replaceYamlList', () => {
  it.each([
    [
      'an empty list becomes a block',
      ' []',
      '\n        - title: "A: b"\n          severity: high\n          entities:\n            - {type: host, name: pc1}',
    ],
    [
      'a comment behind it comes first',
      ' [] # soon',
      ' # soon\n        - title: "A: b"\n          severity: high\n          entities:\n            - {type: host, name: pc1}',
    ],
    [
      'a short flow list stays one',
      ' [{title: x}]',
      ' [{title: "A: b", severity: high, entities: [{type: host, name: pc1}]}]',
    ],
    [
      'comments and quotes of a block stay',
      "\n      # before\n      - severity: 'high'  # why\n        # of the title\n        title: x # old",
      '\n      # before\n      - severity: \'high\' # why\n        # of the title\n        title: "A: b" # old\n        entities:\n          - {type: host, name: pc1}',
    ],
    [
      'comments behind a block stay',
      '\n        - title: x\n        # behind',
      '\n        - title: "A: b"\n          severity: high\n          entities:\n            - {type: host, name: pc1}\n        # behind',
    ],
  ])('%s', (_, before, after) => {
    expect(replaceYamlList(FILE(before), 0, AT, ONE)).toBe(FILE(after));
  });

  it('keeps the items that say the same, whatever was before them', () => {
    const items = [{ n: 2, s: 'x' }, { n: 3 }];
    const before = FILE('\n        - n: 1 # one\n        # second\n        - {n: 2, s: "x"} # two');
    expect(replaceYamlList(before, 0, AT, items)).toBe(
      FILE('\n        # second\n        - {n: 2, s: "x"} # two\n        - n: 3 # one'),
    );
  });

  it('empties a list', () => {
    expect(replaceYamlList(FILE('\n        - n: 1\n        - n: 2'), 0, AT, [])).toBe(FILE('\n        []'));
  });

  it('keeps CRLF, a byte order mark and other documents', () => {
    const text = `\uFEFFa: 1\n---\n# nothing\n---\n${FILE('\n        - n: 1')}`.replaceAll('\n', '\r\n');
    const made = `\uFEFFa: 1\n---\n# nothing\n---\n${FILE('\n        - n: 2\n        - n: 3')}`.replaceAll(
      '\n',
      '\r\n',
    );
    expect(replaceYamlList(text, 1, AT, [{ n: 2 }, { n: 3 }])).toBe(made);
  });

  it('stays in a flow collection', () => {
    expect(replaceYamlList('tests: [{name: t, alerts: [], now: x}]\n', 0, AT, ONE)).toBe(
      'tests: [{name: t, alerts: [{title: "A: b", severity: high, entities: [{type: host, name: pc1}]}], now: x}]\n',
    );
  });

  it.each([
    ['an anchor that stands elsewhere, too', 'x: &x [{n: 1}]\ntests: [{alerts: *x}]\n', ['x']],
    ['a merge key', 'x: &x {alerts: []}\ntests: [{<<: *x}]\n', AT],
    ['a path that leads nowhere', 'tests: []\n', AT],
    ['no YAML', 'tests: [\n', AT],
  ])('gives up on %s', (_, text, path) => {
    expect(replaceYamlList(text, 0, path, [{ n: 2 }])).toBeNull();
  });

  it('writes alone where an alias stood', () => {
    const text = 'x: &x [{n: 1}]\ntests:\n  - alerts: *x\n';
    expect(replaceYamlList(text, 0, AT, [{ n: 2 }])).toBe('x: &x [{n: 1}]\ntests:\n  - alerts:\n      - n: 2\n');
  });

  it('gives back what it was given, whatever stood there, and nothing twice changes nothing', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 2 }),
    );
    const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name !== '<<');
    const map = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 2, noNullPrototype: true })), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    const items = fc.array(map, { maxLength: 3 });
    fc.assert(
      fc.property(items, items, fc.boolean(), (before, after, isFlow) => {
        const start = isFlow ? FILE(` ${JSON.stringify(before)}`) : replaceYamlList(FILE(' []'), 0, AT, before);
        const made = replaceYamlList(start ?? '', 0, AT, after) ?? '';
        const [document] = parseYaml('f', made, 'X').documents;
        expect(document?.value).toMatchObject({ tests: [{ alerts: after }] });
        expect(
          made.startsWith("# head\nid:   a     # odd   spacing\ntests:\n    - name: 't'   # quoted\n      alerts:"),
        ).toBe(true);
        expect(made.endsWith('\n      now: 2026-01-01T00:00:00Z\n# tail\n')).toBe(true);
        expect(replaceYamlList(made, 0, AT, after)).toBe(made);
      }),
    );
  });
});
