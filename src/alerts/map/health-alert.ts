import type { Window } from '../../kql/window.ts';
import type { Rule, Severity } from '../../rules/rule.ts';
import { type Alert, type HealthCode, UNSEEN } from '../alert.ts';
import { healthAlertId } from '../alert-id.ts';
import { isoOfMs } from '../event-time.ts';
import { hashText } from '../hash-text.ts';
import { descriptionOf, ruleOf, titleOf, windowOf } from './alert-parts.ts';

/** A condition of our own that someone must know of, or its end. */
export interface HealthAlertInput {
  readonly tenant: string;
  readonly code: HealthCode;
  /** What the condition is about: a rule's id, a target's name. */
  readonly subject: string;
  /** When it began, epoch ms; with code and subject it makes the id, so that the resolve meets its firing alert. */
  readonly since: number;
  readonly status: 'firing' | 'resolved';
  /** 0 for the first firing, one more for each update and for the resolve. */
  readonly revision: number;
  /** When this alert is made, epoch ms. */
  readonly time: number;
  /** What happened and what to do, in sentences. */
  readonly message: string;
  /** The rule it is about, where there is one. */
  readonly rule?: Rule | null;
  readonly runId?: string | null;
  readonly source?: string | null;
  readonly window?: Window | null;
  readonly truncated?: boolean;
  readonly details?: Alert['details'];
}

const NO_RULE: Alert['rule'] = {
  id: 'health',
  name: 'Huntwire health',
  version: '1.0.0',
  hash: '',
  references: [],
  runbook: null,
  falsePositives: [],
  tags: [],
};

/** What a condition is about: with its end the condition ends, too. */
export type HealthSubjectKind = 'rule' | 'target' | 'tenant';

interface HealthTraits {
  readonly about: HealthSubjectKind;
  readonly severity: Severity;
  readonly title: string;
}

const CODES: Readonly<Record<HealthCode, HealthTraits>> = {
  'rule-failing': { about: 'rule', severity: 'medium', title: 'Rule fails' },
  'rule-blocked': { about: 'rule', severity: 'high', title: 'Rule cannot run' },
  gap: { about: 'rule', severity: 'high', title: 'Time range was not searched' },
  truncated: { about: 'rule', severity: 'medium', title: 'Answer was truncated' },
  'target-blocked': { about: 'target', severity: 'high', title: 'Target takes no alerts' },
  'dead-letter': { about: 'target', severity: 'high', title: 'Alert could not be delivered' },
  'clock-skew': { about: 'tenant', severity: 'medium', title: 'Clock is wrong' },
  'clock-unknown': { about: 'tenant', severity: 'high', title: 'Nothing runs: the time is not known' },
  'coverage-void': { about: 'rule', severity: 'medium', title: 'Coverage was made by a wrong clock' },
  'rule-lagging': { about: 'rule', severity: 'medium', title: 'Rule lags' },
  'tenant-lagging': { about: 'tenant', severity: 'high', title: 'Many rules lag' },
  'tenant-blocked': { about: 'tenant', severity: 'high', title: 'Tenant is misconfigured' },
  'login-refused': { about: 'tenant', severity: 'high', title: 'Login is refused' },
  'reload-refused': { about: 'tenant', severity: 'medium', title: 'Changes were not taken up' },
  'rule-broken': { about: 'tenant', severity: 'high', title: 'Broken rule is left out' },
  'exception-column': { about: 'rule', severity: 'medium', title: 'Exception matches nothing' },
  'silence-ended': { about: 'tenant', severity: 'low', title: 'Silence has ended' },
  'maintenance-ended': { about: 'tenant', severity: 'low', title: 'Maintenance has ended' },
  heartbeat: { about: 'tenant', severity: 'informational', title: 'Heartbeat' },
  expiry: { about: 'tenant', severity: 'high', title: 'Certificate or secret expires' },
  'api-retires': { about: 'tenant', severity: 'medium', title: 'API is to end' },
  'late-arrivals': { about: 'tenant', severity: 'low', title: 'Rows arrive too late' },
  'quota-shared': { about: 'tenant', severity: 'medium', title: 'Others use the quota' },
  takeovers: { about: 'tenant', severity: 'medium', title: 'Processes take over from each other' },
};

export function subjectKindOf(code: HealthCode): HealthSubjectKind {
  return CODES[code].about;
}

/** A health alert, firing or resolved. Travels like any alert; `rule` is the rule concerned, or a stand-in named `health`. */
export function makeHealthAlert(input: HealthAlertInput): Alert {
  const { code, subject } = input;
  const resolved = input.status === 'resolved';
  return {
    schemaVersion: '1.1',
    id: healthAlertId(input.tenant, code, subject, input.since),
    revision: input.revision,
    kind: 'health',
    status: input.status,
    time: isoOfMs(input.time),
    tenant: input.tenant,
    rule: input.rule ? ruleOf(input.rule) : NO_RULE,
    title: titleOf(`${resolved ? 'Resolved: ' : ''}${CODES[code].title}: ${subject}`),
    description: descriptionOf(input.message),
    severity: CODES[code].severity,
    attack: [],
    window: windowOf(input.window ?? null),
    firstSeen: isoOfMs(input.since),
    lastSeen: isoOfMs(Math.max(input.time, input.since)),
    rowCount: 0,
    truncated: input.truncated ?? false,
    entities: [],
    observables: [],
    details: input.details ?? {},
    evidence: [],
    dedupKey: hashText(JSON.stringify(['health', input.tenant, code, subject])),
    suppressedCount: 0,
    runId: input.runId ?? '',
    source: input.source ?? 'huntwire',
    health: { code, subject },
    ...UNSEEN,
  };
}
