import {
  type RefusalContext,
  type Reply,
  refuse,
  refuseHtml,
  resultTooLarge,
  throttled,
  tooHeavy,
  unauthorized,
} from './refusals.ts';

/** Switches for what goes wrong with the real service. */
export const FAULTS = [
  'throttle-minute',
  'throttle-hour',
  'syntax',
  'semantic',
  'missing-table',
  'too-large',
  'preempted',
  'expired-token',
  'forbidden',
  'not-licensed',
  'retired',
  'timeout',
  'bad-gateway',
  'body-too-large',
  'server-error',
  'html',
  'truncated-json',
  'reset',
  'slow',
  'no-schema',
  'odd-case',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault that waits for requests: of one rule or of any, so many times or (null) always. */
export interface Fault {
  readonly name: FaultName;
  readonly ruleId: string | null;
  readonly times: number | null;
}

export interface FaultList {
  set(fault: Fault): void;
  clear(): void;
  /** The fault for a query: from a comment `// emu:<name>` in its text, else from the list, counted down, else as it may happen to any. */
  take(query: string): FaultName | null;
}

/** `atRandom` tells what happens to a query that nothing else happens to. */
export function createFaultList(atRandom: () => FaultName | null = () => null): FaultList {
  let faults: Fault[] = [];
  return {
    set: (fault) => {
      faults.push(fault);
    },
    clear: () => {
      faults = [];
    },
    take: (query) => {
      const named = /\/\/ emu:([a-z-]+)/.exec(query)?.[1];
      const asked = FAULTS.find((name) => name === named);
      if (asked) return asked;
      const ruleId = ruleIdOf(query);
      const found = faults.find((fault) => fault.ruleId === null || fault.ruleId === ruleId);
      if (!found) return atRandom();
      faults = faults.flatMap((fault) => (fault === found ? countedDown(fault) : [fault]));
      return found.name;
    },
  };
}

function countedDown(fault: Fault): readonly Fault[] {
  if (fault.times === null) return [fault];
  return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
}

/** The rule id in the comment line that every query begins with; null where there is none. */
export function ruleIdOf(query: string): string | null {
  return /^\/\/ huntwire (\S+)/.exec(query)?.[1] ?? null;
}

/** The refusal of a fault that is one; null for those that spoil the answer instead. */
export function refusalOfFault(name: FaultName, context: RefusalContext): Reply | null {
  return REFUSALS[name]?.(context) ?? null;
}

const bad = (context: RefusalContext, message: string): Reply => refuse(context, 400, 'BadRequest', message);

const REFUSALS: Partial<Record<FaultName, (context: RefusalContext) => Reply>> = {
  'throttle-minute': (context) => throttled(context, 45, '00:01:00', 8),
  'throttle-hour': (context) => throttled(context, 1500, '01:00:00', 300),
  syntax: (context) =>
    bad(context, "A recognition error occurred. Token: '|'. Line: 2, Position: 3. Fix syntax errors in your query."),
  semantic: (context) =>
    bad(
      context,
      "'project' operator: Failed to resolve scalar expression named 'Nowhere'. Fix semantic errors in your query.",
    ),
  'missing-table': (context) =>
    bad(
      context,
      "'where' operator: Failed to resolve table or column expression named 'EmailEvents'. Fix semantic errors in your query.",
    ),
  'too-large': resultTooLarge,
  preempted: (context) =>
    bad(
      context,
      'Query execution has exceeded the allowed limits. The query execution was preempted. This could possibly be due to high CPU and/or memory resource consumption.',
    ),
  'expired-token': (context) => unauthorized(context, 'Lifetime validation failed, the token is expired.'),
  forbidden: (context) => refuse(context, 403, 'Forbidden', 'Missing application roles.'),
  'not-licensed': (context) => refuse(context, 403, 'Forbidden', 'The tenant is not licensed for this feature.'),
  retired: (context) => refuse(context, 410, 'NotFound', 'The requested API is no longer available.'),
  timeout: tooHeavy,
  'bad-gateway': () => refuseHtml(502, 'Bad Gateway'),
  'body-too-large': () => refuseHtml(413, 'Request Entity Too Large'),
  'server-error': (context) => refuse(context, 500, 'InternalServerError', 'An unexpected error occurred.'),
};

/** A good body, spoilt. `reset` and `slow` are up to the server. */
export function spoil(name: FaultName, body: string): string {
  if (name === 'html') return refuseHtml(200, 'OK').body;
  if (name === 'truncated-json') return body.slice(0, Math.max(1, Math.floor(body.length * 0.7)));
  if (name === 'no-schema') return body.replace(/"schema":\[.*?\],/i, '');
  if (name === 'odd-case') return body.replace(/"schema"/i, '"SCHEMA"').replace(/"results"/i, '"resultS"');
  return body;
}
