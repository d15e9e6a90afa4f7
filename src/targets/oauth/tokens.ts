import { orAborted } from '../../lib/abort.ts';
import type { CheckResult } from '../../lib/check-result.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { createMask } from '../../lib/mask.ts';
import { DELIVERY_STOPPED } from '../delivery-result.ts';
import type { TargetDeps } from '../target.ts';
import { requestUrl } from '../webhook/request-url.ts';
import { createSender, type Material, type Sender, type SenderSettings } from '../webhook/sender.ts';
import type { OauthSettings } from './oauth-settings.ts';
import { type TokenOutcome, tokenOutcome } from './token-answer.ts';

/** The tokens of one target. */
export interface Tokens {
  /** A token that holds, got anew where it is time; never rejects. */
  current(signal: AbortSignal): Promise<TokenOutcome>;
  /** A token that was refused is not handed out again. */
  forget(token: string): void;
  /** A text without the latest tokens. */
  masked(text: string): string;
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  close(): Promise<void>;
}

/** All times are monotonic. */
interface Held {
  readonly token: string;
  readonly holdsUntil: number;
  renewAt: number;
}

interface State {
  held: Held | null;
  getting: Promise<TokenOutcome> | null;
  /** Of tokens, the latest first: an answer may repeat one. */
  seen: readonly string[];
}

const ANSWER_BYTES = 65_536;
/** A token is got anew so long before its end, or after half of a short life. */
const EARLY_MS = 5 * MINUTE_MS;
/** How soon a renewal that failed is tried again while the token before still holds. */
const PATIENCE_MS = 30 * SECOND_MS;
const REMEMBERED = 4;
const NEVER_STOPPED = new AbortController().signal;

/** Throws CONFIG_INVALID for a URL that cannot work. */
export function createTokens(oauth: OauthSettings, settings: SenderSettings, deps: TargetDeps): Tokens {
  const sender = senderOf(oauth, settings, deps);
  const state: State = { held: null, getting: null, seen: [] };
  const { clock } = deps;
  const get = async (): Promise<TokenOutcome> => {
    const outcome = tokenOutcome(await sender.ask(requestOf(oauth, sender.material()), NEVER_STOPPED), clock.now());
    return kept(state, outcome, clock.monotonic());
  };
  const current = async (signal: AbortSignal): Promise<TokenOutcome> => {
    const { held } = state;
    if (held && clock.monotonic() < held.renewAt) return tokenOf(held);
    state.getting ??= get().finally(() => {
      state.getting = null;
    });
    return orAborted(state.getting, signal).catch(() => ({ kind: 'none', result: DELIVERY_STOPPED }));
  };
  const forget = (token: string): void => {
    if (state.held?.token === token) state.held = null;
  };
  const masked = (text: string): string => createMask(state.seen)(text, true);
  return { current, forget, masked, check: sender.check, close: sender.close };
}

/** The client certificate is meant for the target, not for whoever gives tokens. */
function senderOf(oauth: OauthSettings, settings: SenderSettings, deps: TargetDeps): Sender<Material> {
  const { tls: { caFile } = {}, ...own } = settings;
  const material = (): Material => ({
    url: requestUrl(oauth.tokenUrl, `targets.${deps.name}.auth.oauth2`, 'tokenUrl'),
    headers: { 'user-agent': `huntwire/${deps.version}`, accept: 'application/json' },
    secrets: [oauth.clientSecret.reveal()],
  });
  const tokenSettings = { ...own, ...(caFile !== undefined && { tls: { caFile } }) };
  return createSender({ settings: tokenSettings, deps, material, answerBytes: ANSWER_BYTES });
}

function requestOf({ clientId, clientSecret, scope }: OauthSettings, { url, headers: fixed }: Material) {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    ...(scope !== undefined && { scope }),
  });
  const headers = { ...fixed, 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST' as const, path: `${url.pathname}${url.search}`, headers, body: form.toString() };
}

/** Keeps what was got. Where nothing was, the token before is used while it holds. */
function kept(state: State, outcome: TokenOutcome, now: number): TokenOutcome {
  if (outcome.kind === 'token') {
    const { token, lifeMs } = outcome;
    state.held = { token, holdsUntil: now + lifeMs, renewAt: now + lifeMs - Math.min(EARLY_MS, lifeMs / 2) };
    state.seen = [token, ...state.seen].slice(0, REMEMBERED);
    return outcome;
  }
  const { held } = state;
  if (!held || now >= held.holdsUntil) return outcome;
  held.renewAt = Math.min(held.holdsUntil, now + PATIENCE_MS);
  return tokenOf(held);
}

function tokenOf({ token }: Held): TokenOutcome {
  return { kind: 'token', token, lifeMs: 0 };
}
