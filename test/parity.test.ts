import { describe, expect, it } from '@jest/globals';
import { brokenLinks, root } from './markdown.ts';
import { loadCatalogue } from './parity/catalogue.ts';
import { PARITY_CHECKS } from './parity/checks.ts';
import { openTree } from './parity/tree.ts';
import { NO_ACTION } from './parity/verb-checks.ts';
import { forbidden, strayed, taken, twice } from './parity/word-checks.ts';
import { sourceFolder } from './source-files.ts';

const tree = openTree(root);
const catalogue = await loadCatalogue(sourceFolder, 'ts');

describe('parity', () => {
  it.each(PARITY_CHECKS.map((check) => [check.name, check] as const))('%s', (_, check) => {
    expect(check.complaints({ tree, catalogue })).toEqual([]);
  });

  it('has a name of its own for every check', () => {
    expect(new Set(PARITY_CHECKS.map((check) => check.name)).size).toBe(PARITY_CHECKS.length);
  });

  it('hears a reason for every verb that is no action', () => {
    expect(Object.values(NO_ACTION).filter((reason) => reason.length < 20)).toEqual([]);
  });
});

describe('a link', () => {
  it('that leads nowhere is seen', () => {
    const planted = {
      name: 'docs/planted.md',
      text: '[a](nowhere.md) [b](errors.md#nothing) [c](errors.md#errors) `[d](x.md)`',
    };
    expect(brokenLinks(planted, tree)).toEqual(['nowhere.md', 'errors.md#nothing']);
  });
});

describe('words', () => {
  const planted = [
    { name: 'alerts/a.ts', text: 'export interface AlertEvent {}\nexport const RUN_TASKS = 1;' },
    { name: 'outbox/b.ts', text: 'export async function settleWindow() {}\nexport type AlertEvent = string;' },
    { name: 'sources/c.ts', text: "export const { name, traits } = make();\nexport { one } from './d.ts';" },
    { name: 'sources/d.ts', text: 'export const traits = 1;' },
  ];

  it('that are planted where they do not belong are seen', () => {
    expect(twice(planted)).toEqual(['AlertEvent: alerts/a.ts, outbox/b.ts']);
    expect(forbidden(planted)).toEqual(['AlertEvent in alerts/a.ts, outbox/b.ts', 'RUN_TASKS in alerts/a.ts']);
    expect(taken(planted)).toEqual([
      'settleWindow in outbox/b.ts: "settle" is taken',
      'settleWindow in outbox/b.ts: "window" is taken',
    ]);
  });

  it('have a home that is one', () => {
    const homes = new Map([['Alert', ['alerts/alert.ts']]]);
    expect(strayed('alert', '`Alert` in `alerts/alert.ts`', homes)).toEqual([]);
    expect(strayed('alert', '`Alert` in `alerts/hit.ts`', homes)).toEqual([
      'alert: alerts/hit.ts does not export Alert',
    ]);
    expect(strayed('alert', '–', homes)).toEqual(['alert: no home is given']);
  });
});
