import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { JsonObject } from '../../../src/formats/presets/preset.ts';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { makeAlert } from '../../alerts/samples.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document that is looked at
function body(preset: string, name: string, alert: Alert): any {
  const found = PRESETS.get(preset);
  return found?.bodies[name]?.(alert, { severities: found.severities, settings: {} });
}

describe('PagerDuty', () => {
  it('is told of a place that is not blank', () => {
    const entities = [
      { type: 'host' as const, name: ' ' },
      { type: 'account' as const, name: 'bob' },
    ];
    expect(body('pagerduty', 'event', makeAlert({ entities })).payload.source).toBe('bob');
    expect(body('pagerduty', 'event', makeAlert({ entities: entities.slice(0, 1) })).payload.source).toBe('sample');
  });
});

describe('what people read on a telephone', () => {
  it.each([
    ['pagerduty', 'event'],
    ['alertmanager', 'alert'],
  ])('shows what stands in it: %s', (preset, name) => {
    const hostile = 'a\u202egpj.exe\u001b[31m';
    const { payload, annotations } = body(
      preset,
      name,
      makeAlert({ title: hostile, description: hostile, entities: [{ type: 'host', name: hostile }] }),
    );
    const shown = payload ? { summary: payload.summary, source: payload.source } : annotations;
    expect(JSON.stringify(Object.values(shown))).not.toMatch(/\u202e|\\u001b/);
  });
});

describe('TheHive', () => {
  it.each([
    ['ip', '10.0.0.1', 'ip'],
    ['ip', 'fe80::1', 'ip'],
    ['ip', 'not known', 'other'],
    ['sha1', 'ab'.repeat(20), 'hash'],
    ['sha256', 'none', 'other'],
    ['mail-address', 'bob@example.com', 'mail'],
    ['mail-address', '<>', 'other'],
  ])('gets %s %s as %s', (type, value, dataType) => {
    const observables: readonly JsonObject[] = body(
      'thehive',
      'alert',
      makeAlert({ observables: [{ type, value }] }),
    ).observables;
    expect(observables).toEqual([{ dataType, data: value, tags: [type] }]);
  });
});

describe('Slack', () => {
  it('shows every fact, though a section takes ten', () => {
    const alert = makeAlert({
      acknowledged: { by: 'eve', at: '2026-01-01T12:00:00Z' },
      suppressedCount: 2,
      suppressed: { quiet: 2 },
      overflow: { hits: 9, atLeast: true, byKey: [] },
    });
    const sections: readonly { fields?: readonly { text: string }[] }[] = body('slack', 'message', alert).attachments[0]
      .blocks;
    const counts = sections.flatMap(({ fields }) => fields?.length ?? []);
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    expect(JSON.stringify(sections)).toContain(`Alert: ${alert.id}`);
  });
});
