import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration } from '../../../src/lib/duration.ts';
import { tries } from '../../tries.ts';
import { ruleText } from '../rule-text.ts';
import { loadSet } from './overlay-folder.ts';

/** What one overlay says, of the keys that replace and those that add. */
interface Said {
  readonly fits: boolean;
  readonly severity?: string;
  readonly suppress?: string;
  readonly target?: string;
  readonly details?: string;
  readonly exception?: string;
}

const text = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const said: fc.Arbitrary<Said> = fc.record({
  fits: fc.boolean(),
  severity: text(['low', 'critical']),
  suppress: text(['1h', '2h']),
  target: text(['a', 'b', 'c']),
  details: text(['A', 'B']),
  exception: text(['x', 'y', 'z']),
}) as fc.Arbitrary<Said>;

function setText({ severity, suppress, target, details, exception }: Said): string {
  const keys = [
    severity && `severity: ${severity}`,
    suppress && `suppress: ${suppress}`,
    target && `targets: [${target}]`,
    details && `details: {${details}: ${details}}`,
    exception && `exceptions: [{where: {C: ${exception}}, reason: r, owner: o, expires: 2030-01-01}]`,
  ].filter(Boolean);
  return `{${keys.length === 0 ? 'status: enabled' : keys.join(', ')}}`;
}

function entryText(one: Said): string {
  return `  - {match: {ids: [${one.fits ? 'some-rule' : 'some-other'}]}, set: ${setText(one)}}\n`;
}

describe('the order of overlays', () => {
  it('is rule, defaults from the outside in, then files and entries, whatever they say', async () => {
    const folders = fc.tuple(said, said);
    const files = fc.array(fc.array(said, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(folders, files, async ([outer, inner], entries) => {
        const overlays = entries.map((list, at) => [
          `overlays/${at}.yaml`,
          `overlays:\n${list.map(entryText).join('')}`,
        ]);
        const { rules, problems } = await loadSet({
          'rules/in/a.yaml': ruleText({ alert: '{suppress: 9h, details: {R: R}}', targets: '[own]' }),
          'rules/defaults.yaml': setText(outer),
          'rules/in/defaults.yaml': setText(inner),
          ...Object.fromEntries(overlays),
        });
        expect(problems).toEqual([]);
        const layers = [outer, inner, ...entries.flat().filter(({ fits }) => fits)];
        const last = (key: keyof Said, own: string) => layers.findLast((one) => one[key] !== undefined)?.[key] ?? own;
        const details = String(last('details', 'R'));
        expect(rules[0]).toMatchObject({
          severity: last('severity', 'high'),
          targets: [last('target', 'own')],
          alert: { suppressMs: parseDuration(String(last('suppress', '9h'))), details: { [details]: details } },
        });
        expect(Object.keys(rules[0]?.alert.details ?? {})).toEqual([details]);
        expect(rules[0]?.exceptions.map(({ where }) => where.C?.[0])).toEqual(
          layers.flatMap(({ exception }) => exception ?? []),
        );
      }),
      { numRuns: tries(15, 40) },
    );
  });
});
