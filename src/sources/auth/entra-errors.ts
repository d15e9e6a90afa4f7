import { HuntwireError } from '../../lib/errors.ts';
import type { Mask } from '../../lib/mask.ts';
import { networkAdvice, networkFault, type SettingNames } from '../../lib/network-fault.ts';
import { cutUtf8 } from '../../lib/text.ts';
import { isBroken, networkFailureKind, networkReason } from '../network-error.ts';
import type { LoginRefusal } from './network-module.ts';

const NO_TENANT = 'The tenant does not exist: check auth.tenantId and source.cloud.';

/** What a person must do, by the number that Microsoft Entra gives an error (AADSTS…). */
const ADVICE: Readonly<Record<number, string>> = {
  7000215: 'The client secret is wrong: set auth.clientSecret to the value of the secret, not its id.',
  7000222: 'The client secret has expired: make a new one and set auth.clientSecret.',
  700016: 'The application is not in this tenant: check auth.clientId and auth.tenantId.',
  90002: NO_TENANT,
  900023: 'The tenant id is malformed: check auth.tenantId.',
  700027:
    'The certificate is not registered with the application, or its key does not belong to it: upload auth.certificateFile.',
  700024: 'The assertion is outside its validity: check the clock of this machine.',
  70021: 'No federated credential of the application fits the token: check its issuer, subject and audience.',
  700213: 'No federated credential of the application fits the token: check its issuer, subject and audience.',
  700211: 'No federated credential of the application fits the issuer of the token.',
  500011:
    'The API has no service principal in this tenant: check source.api, source.scope and the licences of the tenant.',
  65001: 'The person or an administrator has not consented to the permission.',
  53003: 'A Conditional Access policy forbids it: let an administrator exempt the application.',
  7000112: 'The application is disabled in this tenant: enable it.',
  1002012: 'The scope must end in /.default: check source.scope.',
};

/** Of what was said so much is looked at. */
const LONGEST_TEXT = 8192;

export interface LoginFailure {
  readonly thrown: unknown;
  /** The error under it on the network, or null. */
  readonly failure: unknown;
  /** The latest answer that was none; null where there was no such answer. */
  readonly refusal: LoginRefusal | null;
  /** Whether the login host gave any answer. */
  readonly isAnswered: boolean;
  /** Login host, for the message. */
  readonly host: string;
  /** Hides what must not appear in a message, whatever the other side echoes. */
  readonly mask: Mask;
}

/**
 * What a failed token request means. SOURCE_NETWORK: the login host was not reached; SOURCE_SERVER: it is throttling or down, which passes;
 * SOURCE_AUTH: a person must change something, and the message says what. The library's error is not kept as cause: it may hold secrets.
 */
export function loginError(login: LoginFailure): HuntwireError {
  if (login.thrown instanceof HuntwireError) return login.thrown;
  if (login.failure !== null) return networkError(login);
  const error = partsOf(login.thrown, login.refusal);
  const text = cutUtf8(login.mask((error.description || error.code || 'no reason').slice(0, LONGEST_TEXT), true), 1024);
  if (isPassing(error)) {
    return new HuntwireError(
      'SOURCE_SERVER',
      `The login host ${login.host} gives no token at present: ${text}. It is asked again later.`,
      {
        retryable: true,
      },
    );
  }
  const advice = adviceFor(error);
  return new HuntwireError('SOURCE_AUTH', `${login.host} gave no token. ${advice} It said: ${text}`, { advice });
}

/** Where nothing is at the tenant's own address, there is no such tenant: the library makes that a code of its own. */
function adviceFor({ number, status }: EntraError): string {
  if (number === null) return status === 404 ? NO_TENANT : 'Check auth.';
  return ADVICE[number] ?? 'Check auth.';
}

const LOGIN_SETTINGS: SettingNames = {
  address: 'auth.authority, or source.cloud',
  ca: 'auth.caFile',
  plain: 'begin auth.authority with http:// (a stand-in on this machine only)',
  client: null,
  proxy: 'source.proxy, or HTTPS_PROXY',
};

function networkError(login: LoginFailure): HuntwireError {
  const fault = networkFault(login.failure);
  const kind = networkFailureKind(login.failure);
  const advice = networkAdvice(fault?.kind ?? null, LOGIN_SETTINGS, fault?.proxy);
  const reason = login.mask(networkReason(login.failure));
  const what = kind === 'timeout' || kind === 'slow' ? 'was too slow' : 'was not reached';
  return new HuntwireError('SOURCE_NETWORK', `The login host ${login.host} ${what}: ${reason}. ${advice}`, {
    advice,
    retryable: kind !== 'tls',
    unanswered: !login.isAnswered && isBroken(login.failure),
  });
}

interface EntraError {
  readonly code: string;
  readonly number: number | null;
  readonly status: number | null;
  readonly description: string;
}

/**
 * The members of msal-node's errors; its classes are not asked, because they may be loaded twice. Where it hides an answer behind a code of
 * its own (of an endpoint that is not there, "Not Available"), the answer counts.
 */
function partsOf(thrown: unknown, refusal: LoginRefusal | null): EntraError {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  const own = String([error.errorMessage, error.message].find((one) => typeof one === 'string') ?? thrown);
  const hides =
    refusal !== null && typeof error.status !== 'number' && error.errorNo === undefined && !/AADSTS/.test(own);
  const text = hides ? refusal.text : own;
  const named = /AADSTS(\d{4,8})/.exec(text)?.[1];
  const given = typeof error.errorNo === 'number' || typeof error.errorNo === 'string' ? error.errorNo : named;
  return {
    code: typeof error.errorCode === 'string' ? error.errorCode : '',
    number: Number.isSafeInteger(Number(given)) ? Number(given) : null,
    status: typeof error.status === 'number' ? error.status : hides ? refusal.status : null,
    description: descriptionOf(text),
  };
}

/** Of `Error(s): 7000215 - Timestamp: … - Description: AADSTS…: text - Correlation ID: …` the description. */
function descriptionOf(text: string): string {
  return /Description: ([\s\S]*?)(?: - Correlation ID: |$)/.exec(text)?.[1] ?? text;
}

/** Throttled or down; an error without code and status is msal-node's own memory of such an answer. */
function isPassing(error: EntraError): boolean {
  if (error.status !== null) return error.status === 429 || error.status >= 500;
  return error.code === '' || error.code === '90055' || /temporarily_unavailable|server_error/.test(error.code);
}
