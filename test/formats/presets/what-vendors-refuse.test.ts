import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { JsonObject } from '../../../src/formats/presets/preset.ts';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { makeAlert } from '../../alerts/samples.ts';

function body(preset: string, name: string, alert: Alert): unknown {
  const found = PRESETS.get(preset);
  return found?.bodies[name]?.(alert, { severities: found.severities, settings: {} });
}

describe('PagerDuty', () => {
  it('is told of a place that is not blank', () => {
    const entities = [
      { type: 'host' as const, name: ' ' },
      { type: 'account' as const, name: 'bob' },
    ];
    expect(body('pagerduty', 'event', makeAlert({ entities }))).toMatchObject({ payload: { source: 'bob' } });
    const alone = makeAlert({ entities: entities.slice(0, 1) });
    expect(body('pagerduty', 'event', alone)).toMatchObject({ payload: { source: 'sample' } });
  });
});

describe('what people read on a telephone', () => {
  it.each([
    ['pagerduty', 'event'],
    ['alertmanager', 'alert'],
  ])('shows what stands in it: %s', (preset, name) => {
    const hostile = 'a\u202egpj.exe\u001b[31m';
    const alert = makeAlert({ title: hostile, description: hostile, entities: [{ type: 'host', name: hostile }] });
    const { payload, annotations } = body(preset, name, alert) as Record<string, JsonObject | undefined>;
    const shown = payload ? { summary: payload.summary, source: payload.source } : (annotations ?? {});
    expect(Object.keys(shown)).not.toEqual([]);
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
    const made = body('thehive', 'alert', makeAlert({ observables: [{ type, value }] }));
    expect(made).toMatchObject({ observables: [{ dataType, data: value, tags: [type] }] });
  });
});

interface SlackMessage {
  readonly attachments: readonly [{ readonly blocks: readonly { readonly fields?: readonly unknown[] }[] }];
}

describe('Slack', () => {
  it('shows every fact, though a section takes ten', () => {
    const alert = makeAlert({
      acknowledged: { by: 'eve', at: '2026-01-01T12:00:00Z' },
      suppressedCount: 2,
      suppressed: { quiet: 2 },
      overflow: { hits: 9, atLeast: true, byKey: [] },
    });
    const { attachments } = body('slack', 'message', alert) as SlackMessage;
    const sections = attachments[0].blocks;
    const counts = sections.flatMap(({ fields }) => fields?.length ?? []);
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    expect(JSON.stringify(sections)).toContain(`Alert: ${alert.id}`);
  });
});
