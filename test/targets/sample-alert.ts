import type { Alert } from '../../src/alerts/alert.ts';
import type { Format } from '../../src/formats/format.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Delivery, TargetDeps } from '../../src/targets/target.ts';

export function sampleAlert(changes: Partial<Alert> = {}): Alert {
  return {
    schemaVersion: '1.0',
    id: '0123456789abcdef0123456789abcdef',
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: '2026-11-05T09:07:03.1234567Z',
    tenant: 'contoso',
    rule: {
      id: 'encoded-powershell',
      name: 'Encoded "PowerShell" [test] \\ Größe',
      version: '1.0.0',
      hash: 'a'.repeat(64),
      references: [],
      runbook: null,
      falsePositives: [],
      tags: [],
    },
    title: 'Encoded command on pc1',
    description: 'An encoded command was started.',
    severity: 'high',
    attack: [],
    window: null,
    firstSeen: '2026-11-05T09:07:03.1234567Z',
    lastSeen: '2026-11-05T09:07:03.1234567Z',
    rowCount: 1,
    truncated: false,
    entities: [],
    observables: [],
    details: {},
    evidence: [],
    dedupKey: 'k',
    suppressedCount: 0,
    runId: 'r',
    source: 'graph',
    ...changes,
  };
}

export function sampleDelivery(id = '0123456789abcdef0123456789abcdef', changes: Partial<Alert> = {}): Delivery {
  return { messageId: id, alert: sampleAlert({ id, ...changes }), receipt: null };
}

/** The alert as JSON; where it must be short, id and title only, the title cut to fit. */
export const shrinkingFormat: Format = (alert, { maxBytes }) => {
  const whole = JSON.stringify(alert);
  if (maxBytes === null || Buffer.byteLength(whole) <= maxBytes)
    return { body: whole, contentType: 'application/json' };
  const empty = JSON.stringify({ id: alert.id, title: '' });
  const title = alert.title.slice(0, Math.max(0, maxBytes - empty.length));
  return { body: JSON.stringify({ id: alert.id, title }), contentType: 'application/json' };
};

export function targetDeps(changes: Partial<TargetDeps> = {}): TargetDeps & { readonly clock: Clock } {
  return {
    name: 'soar',
    clock: systemClock,
    log: silentLog,
    version: '0.0.0',
    format: shrinkingFormat,
    preset: null,
    ...changes,
  };
}

export const noSignal = (): AbortSignal => new AbortController().signal;
