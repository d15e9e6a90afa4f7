import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { FiringAlert } from '../../../src/alerts/firing.ts';
import { makeResolved } from '../../../src/alerts/map/resolved-alert.ts';
import { makeUpdate } from '../../../src/alerts/map/updated-alert.ts';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { sampleAlert } from '../sample-alert.ts';

const TOLD_AT = Date.parse('2026-11-05T09:00:00Z');
const DEDUP_KEY = 'd'.repeat(32);
const first = sampleAlert({ dedupKey: DEDUP_KEY, severity: 'medium' });
const record: FiringAlert = {
  alertId: first.id,
  dedupKey: DEDUP_KEY,
  revision: 0,
  since: TOLD_AT,
  toldAt: TOLD_AT,
  heldAt: TOLD_AT,
  goneFrom: null,
  severity: 'medium',
  rowCount: 1,
  lastSeen: first.lastSeen,
  targets: ['soar'],
};
const found = sampleAlert({ id: 'f'.repeat(32), dedupKey: DEDUP_KEY, severity: 'critical', rowCount: 7 });
const update = makeUpdate(found, record, { kind: 'severity', logicalTime: TOLD_AT + 3_600_000 });
const end = {
  revision: 2,
  time: TOLD_AT + 7_200_000,
  since: TOLD_AT,
  held: { quiet: 2, silenced: 1 },
  run: null,
} as const;
const resolve = makeResolved(update, { ...end, kind: 'gone', reason: 'The condition is gone.' });
const LIFE: readonly Alert[] = [first, update, resolve];
const ROSE = 'The severity has risen from medium to critical.';

/** What a preset writes of an alert that begins, rises and ends. */
function presetOf(name: string, body: string, alerts: readonly Alert[] = LIFE) {
  const preset = PRESETS.get(name);
  const write = preset?.bodies[body];
  if (!preset || !write) throw new Error(`${name} has no ${body}`);
  const options = { severities: preset.severities, settings: {} };
  return alerts.map((alert) => write(alert, options) as Readonly<Record<string, unknown>>);
}

function formatOf(name: string): readonly string[] {
  const format = FORMATS.get(name)?.format;
  if (!format) throw new Error(`there is no ${name}`);
  return LIFE.map((alert) => format(alert, { maxBytes: null }).body);
}

const pick = (made: readonly object[], ...paths: string[]) =>
  made.map((one) => paths.map((path) => path.split('.').reduce<unknown>((at, key) => Object(at)[key], one)));

describe('an alert that begins, rises and ends, in every format', () => {
  it('native: one id, revisions, and what has changed', () => {
    expect(
      pick(
        formatOf('native').map((text) => JSON.parse(text)),
        'id',
        'revision',
        'status',
        'change.kind',
      ),
    ).toEqual([
      [first.id, 0, 'firing', undefined],
      [first.id, 1, 'firing', 'severity'],
      [first.id, 2, 'resolved', 'gone'],
    ]);
  });

  it('ocsf: create, update and close of one finding', () => {
    const made = formatOf('ocsf').map((text) => JSON.parse(text));
    expect(pick(made, 'activity_id', 'status_id', 'metadata.sequence', 'finding_info.uid', 'unmapped.change')).toEqual([
      [1, 1, 0, first.id, undefined],
      [2, 1, 1, first.id, update.change?.reason],
      [3, 4, 2, first.id, 'The condition is gone.'],
    ]);
  });

  it('ecs: one event id and a sequence', () => {
    const made = formatOf('ecs').map((text) => JSON.parse(text));
    expect(pick(made, 'event.id', 'event.sequence', 'huntwire.status', 'huntwire.change')).toEqual([
      [first.id, 0, 'firing', undefined],
      [first.id, 1, 'firing', update.change?.reason],
      [first.id, 2, 'resolved', 'The condition is gone.'],
    ]);
  });

  it.each(['cef', 'leef'])('%s: revision, outcome and the reason', (name) => {
    const [begin, rise, gone] = formatOf(name);
    const revision = name === 'cef' ? 'cn1' : 'revision';
    expect(begin).not.toContain('reason=');
    expect(rise).toContain(`${revision}=1`);
    expect(rise).toContain(ROSE);
    expect(gone).toContain(`${revision}=2`);
    expect(gone).toMatch(name === 'cef' ? /outcome=resolved/ : /status=resolved/);
    expect(gone).toContain('The condition is gone.');
  });

  it('cloudevents: ids of messages, one subject, the status in the type', () => {
    const made = formatOf('cloudevents').map((text) => JSON.parse(text));
    expect(pick(made, 'id', 'subject', 'type', 'revision')).toEqual([
      [first.id, first.id, 'huntwire.detection.firing', 0],
      [`${first.id}-1`, first.id, 'huntwire.detection.firing', 1],
      [`${first.id}-2`, first.id, 'huntwire.detection.resolved', 2],
    ]);
  });
});

describe('an alert that begins, rises and ends, at every receiver by name', () => {
  it('pagerduty: trigger, trigger and resolve with one dedup_key', () => {
    const made = presetOf('pagerduty', 'event');
    expect(pick(made, 'event_action', 'dedup_key', 'payload.severity')).toEqual([
      ['trigger', first.id, 'warning'],
      ['trigger', first.id, 'critical'],
      ['resolve', first.id, undefined],
    ]);
  });

  it.each([
    ['jira', 'commentText'],
    ['jira', 'commentDocument'],
    ['servicenow', 'note'],
    ['xsoar', 'note'],
  ])('%s: %s tells what has changed', (name, body) => {
    const [rise, gone] = presetOf(name, body, [update, resolve]).map((one) => JSON.stringify(one));
    expect(rise).toContain('Updated: ');
    expect(rise).toContain(ROSE);
    expect(gone).toContain('Resolved: ');
    expect(gone).not.toContain('Resolved: Resolved');
    expect(gone).toContain('The condition is gone.');
  });

  it('thehive: the change has the new severity, the resolve closes', () => {
    expect(presetOf('thehive', 'change', [update])[0]?.severity).toBe(PRESETS.get('thehive')?.severities.critical);
    expect(JSON.stringify(presetOf('thehive', 'resolution', [resolve]))).toContain('Ignored');
  });

  it.each([
    ['slack', 'message'],
    ['teams', 'message'],
    ['email', 'mail'],
  ])('%s: says Updated and Resolved, each once, and why', (name, body) => {
    const [begin, rise, gone] = presetOf(name, body).map((one) => JSON.stringify(one));
    expect(begin).not.toMatch(/Updated|Resolved/);
    expect(rise).toContain('Updated: ');
    expect(rise).toContain(ROSE);
    expect(gone).toContain('Resolved: ');
    expect(gone).not.toMatch(/Resolved: Resolved|Updated/);
    expect(gone).toContain('The condition is gone.');
  });

  it('alertmanager: one alert by its labels, but for the severity, which the target ends', () => {
    const made = presetOf('alertmanager', 'alert');
    expect(pick(made, 'labels.alert_id', 'labels.severity')).toEqual([
      [first.id, 'warning'],
      [first.id, 'critical'],
      [first.id, 'critical'],
    ]);
  });

  it.each([
    ['splunk-hec', 'event'],
    ['elastic', 'document'],
    ['logs-ingestion', 'row'],
    ['otlp', 'record'],
  ])('%s: three records of one alert, each with its revision and status', (name, body) => {
    for (const [at, text] of presetOf(name, body)
      .map((one) => JSON.stringify(one))
      .entries()) {
      expect(text).toContain(first.id);
      expect(text).toContain(at === 2 ? 'resolved' : 'firing');
      expect(text).toMatch(new RegExp(`(evision|sequence)[^0-9]{1,40}${at}`));
    }
  });
});
