import { type ErrorCode, HuntwireError } from '../lib/errors.ts';
import { retryAfterMs } from '../lib/retry-after.ts';
import { cutUtf8 } from '../lib/text.ts';
import { readServiceError, type ServiceAnswer, type ServiceError } from './service-answer.ts';
import { throttleTold, throttleWait } from './throttle-wait.ts';

/** What the table needs to know of the API that answered. */
export interface AnsweringApi {
  readonly api: string;
  /** The application permission that a query needs. */
  readonly permission: string;
  readonly retiresOn: string | null;
  /** What must be granted, in words, where it is no permission of an application. */
  readonly grant?: string;
}

/** What was said, without the time. */
export type AnswerText = Omit<ServiceAnswer, 'now'>;

interface Verdict {
  readonly statuses: readonly number[] | 'any';
  /** Tested against `code: text`, with those of errors within it. */
  readonly says?: RegExp;
  readonly when?: (error: ServiceError, api: AnsweringApi) => boolean;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** What a person or the run can do. Left out where the message must stay the service's own text. */
  readonly advice?: string;
}

const LICENSE = /licen[sc]ed?\b|account mode is inactive|account is not provisioned/i;
const TOO_LARGE = /allowed result size|result size limit|E_QUERY_RESULT_SET_TOO_LARGE|result set has exceeded/i;
const LIMITS =
  /allowed limits|preempted|excessive resource|Query stopped\. Adjust use|E_RUNAWAY_QUERY|E_LOW_MEMORY_CONDITION|runaway query/i;
const MISSING_TABLE = /failed to resolve table/i;
const BAD_QUERY =
  /fix (syntax|semantic) errors|failed to resolve|recognition error|(syntax|semantic) ?error|\bS(YN|EM)\d{4}\b/i;
const HEAVY = 'Let the rule ask for a shorter window, filter earlier, or summarize.';

/**
 * The first row that fits decides. The APIs' codes do not discriminate (400 BadRequest alone has five meanings), so that most rows
 * look at the text; Microsoft's pages and answers of live services are where the texts come from.
 */
const VERDICTS: readonly Verdict[] = [
  { statuses: [429], code: 'SOURCE_THROTTLED', retryable: true, advice: 'The tenant waits as long as it was told.' },
  {
    statuses: [401, 403],
    says: LICENSE,
    code: 'SOURCE_LICENSE',
    retryable: false,
    advice: 'Check the Defender licences of the tenant.',
  },
  {
    statuses: [401],
    code: 'SOURCE_AUTH',
    retryable: true,
    advice: 'Check the credentials and that scope and cloud fit the API.',
  },
  {
    statuses: [403],
    says: /^InvalidAuthenticationToken/i,
    code: 'SOURCE_AUTH',
    retryable: true,
    advice: 'Check the credentials and that scope and cloud fit the API.',
  },
  { statuses: [403], code: 'SOURCE_PERMISSION', retryable: false },
  {
    statuses: [400, 404],
    says: /FailedToResolveResource|WorkspaceNotFound/i,
    code: 'SOURCE_SERVER',
    retryable: false,
    advice: 'There is no such workspace, or it may not be seen: check source.workspaces and its roles.',
  },
  {
    statuses: [400, 404],
    says: /BadRequest_(EntityNotFound|DatabaseNotExist)|database .{0,200}(not found|could not be found)/i,
    code: 'SOURCE_SERVER',
    retryable: false,
    advice: 'Check the database of the source and that the application may see it.',
  },
  {
    statuses: [413, 414],
    code: 'SOURCE_BODY_TOO_LARGE',
    retryable: false,
    advice: 'The query text is too long: shorten its lists.',
  },
  {
    statuses: [404, 410],
    when: (_, api) => api.retiresOn !== null,
    code: 'SOURCE_RETIRED',
    retryable: false,
    advice: 'This API is retired or baseUrl is wrong: set source.api to graph, or correct baseUrl.',
  },
  {
    statuses: [404, 405, 410],
    code: 'SOURCE_SERVER',
    retryable: false,
    advice: 'Check source.baseUrl and source.cloud: there is no such API there.',
  },
  {
    statuses: [400],
    says: /resource not found for the segment/i,
    code: 'SOURCE_SERVER',
    retryable: false,
    advice: 'Check source.baseUrl and source.cloud: there is no such API there.',
  },
  { statuses: 'any', says: TOO_LARGE, code: 'SOURCE_RESULT_TOO_LARGE', retryable: false, advice: HEAVY },
  { statuses: 'any', says: LIMITS, code: 'SOURCE_LIMITS_EXCEEDED', retryable: true, advice: HEAVY },
  {
    statuses: 'any',
    says: /exceeded the timeout|timed out|time-?out period/i,
    code: 'SOURCE_TIMEOUT',
    retryable: true,
    advice: HEAVY,
  },
  {
    statuses: 'any',
    says: /exceeds the allowed size limit when processed/i,
    code: 'SOURCE_BODY_TOO_LARGE',
    retryable: false,
    advice: 'The query is too long once it is processed: shorten its lists.',
  },
  {
    statuses: 'any',
    says: /unexpected error occurred during query execution/i,
    code: 'SOURCE_SERVER',
    retryable: true,
    advice: 'It is asked again later.',
  },
  { statuses: [200, 400], says: MISSING_TABLE, code: 'SOURCE_TABLE_MISSING', retryable: false },
  { statuses: 'any', says: BAD_QUERY, code: 'SOURCE_QUERY_INVALID', retryable: false },
  {
    statuses: [200],
    says: /throttl/i,
    code: 'SOURCE_THROTTLED',
    retryable: true,
    advice: 'The tenant waits as long as it was told.',
  },
  {
    statuses: [200],
    code: 'SOURCE_SERVER',
    retryable: true,
    advice: 'The answer is not whole and nothing of it was used: it is asked again later.',
  },
  {
    statuses: [400],
    when: (error) => error.isPermanent === false,
    code: 'SOURCE_SERVER',
    retryable: true,
    advice: 'It is asked again later.',
  },
  { statuses: [400, 422], code: 'SOURCE_QUERY_INVALID', retryable: false },
  { statuses: [408, 504], code: 'SOURCE_TIMEOUT', retryable: true, advice: HEAVY },
  { statuses: [502], when: (error) => error.isHtml, code: 'SOURCE_TIMEOUT', retryable: true, advice: HEAVY },
  {
    statuses: [500],
    when: (error) => error.text === '' && !/internalservererror/i.test(error.code),
    code: 'SOURCE_TIMEOUT',
    retryable: true,
    advice: HEAVY,
  },
];

const SERVER: Verdict = { statuses: 'any', code: 'SOURCE_SERVER', retryable: true, advice: 'It is asked again later.' };
const REFUSED: Verdict = {
  statuses: 'any',
  code: 'SOURCE_SERVER',
  retryable: false,
  advice: 'Check source.baseUrl and what stands between: no answer of the API looks so.',
};

/**
 * The error that an answer other than 200 means. For errors in the query the message is the service's own text, so that positions in
 * it can be mapped; else it names API and status, then the text, then what to do. The text is cut to 1 kB, and to
 * less where something stands behind it: a state keeps 1,000 characters of a message, and what to do must be among them.
 */
export function classifyAnswer(answer: ServiceAnswer, api: AnsweringApi): HuntwireError {
  const error = readServiceError(answer.body);
  const verdict = VERDICTS.find((one) => fits(one, answer.status, error, api)) ?? otherwise(answer.status);
  return new HuntwireError(verdict.code, messageOf(verdict, answer, error, api), {
    retryable: verdict.retryable,
    retryAfterMs: waitOf(verdict, answer, error),
    ...(verdict.code === 'SOURCE_THROTTLED' && { throttle: throttleTold(error.text) }),
  });
}

function fits(verdict: Verdict, status: number, error: ServiceError, api: AnsweringApi): boolean {
  if (verdict.statuses !== 'any' && !verdict.statuses.includes(status)) return false;
  if (verdict.says && !verdict.says.test(error.all)) return false;
  return verdict.when?.(error, api) ?? true;
}

function otherwise(status: number): Verdict {
  return status >= 500 ? SERVER : REFUSED;
}

function waitOf(verdict: Verdict, answer: ServiceAnswer, error: ServiceError): number | null {
  if (verdict.code === 'SOURCE_THROTTLED') {
    return throttleWait({ retryAfter: answer.retryAfter, text: error.text, now: answer.now });
  }
  return verdict.retryable ? retryAfterMs(answer.retryAfter, answer.now) : null;
}

function messageOf(verdict: Verdict, answer: ServiceAnswer, error: ServiceError, api: AnsweringApi): string {
  if (verdict.code === 'SOURCE_QUERY_INVALID' || verdict.code === 'SOURCE_TABLE_MISSING') {
    return cutUtf8(error.text, 1024) || `${api.api} refused the query with ${answer.status} and no reason.`;
  }
  const said = cutUtf8(error.text, 512);
  const advice =
    verdict.code === 'SOURCE_PERMISSION' ? (api.grant ?? permissionAdvice(error.text, api)) : verdict.advice;
  const label = error.code && error.code !== String(answer.status) ? ` ${cutUtf8(error.code, 64)}` : '';
  return `${api.api} answered ${answer.status}${label}${said ? `: ${said}` : ' without a reason.'} ${advice ?? ''}`.trim();
}

const REQUIRED_ROLES = /required roles: ([\w.]{1,200})/i;
const REQUIRED_PERMISSIONS = /required application permissions \(([\w., ]{1,200})\)/i;

/** Names the permission that the service asks for, else the one that a query needs. */
function permissionAdvice(text: string, api: AnsweringApi): string {
  const named = REQUIRED_ROLES.exec(text)?.[1] ?? REQUIRED_PERMISSIONS.exec(text)?.[1] ?? api.permission;
  const permission = named.replace(/[.,\s]+$/, '');
  return `Grant the application ${permission} with admin consent; a new token is needed then, which takes up to an hour.`;
}
