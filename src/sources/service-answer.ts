import { chainOf, memberNamed } from './error-chain.ts';

/** An answer other than 200, as far as it is read. */
export interface ServiceAnswer {
  readonly status: number;
  /** The first 64 kB of the body. */
  readonly body: string;
  readonly retryAfter: string | null;
  /** Epoch ms of the service's clock, else of our own. */
  readonly now: number;
}

/** What an error body says, whatever its shape. */
export interface ServiceError {
  /** `BadRequest`, `TooManyRequests`, …; empty where there is none. */
  readonly code: string;
  /** The service's own text; the title or plain text of a web page; empty where there is none. */
  readonly text: string;
  readonly isHtml: boolean;
  /** Codes and texts of the error and of those within it, the outermost first. */
  readonly all: string;
  /** What Kusto says of whether the same request may succeed later; null: nothing. */
  readonly isPermanent: boolean | null;
}

/** Of what an error says, so much is looked at: pages of it say nothing more. */
const LONGEST_TEXT = 4096;
const TAG = /<[^<>]*>/g;

/**
 * Reads `{"error": {"code", "message"}}` (all APIs), errors within it (`innererror`, `details`, `OneApiErrors`), of which the innermost that
 * says something says most, `{"ErrorMessage", "RecommendedAction"}` (the portal), a web page, or plain text. Member names in any case.
 */
export function readServiceError(body: string): ServiceError {
  const json = parsed(body);
  if (json === null) {
    const isHtml = body.trimStart().startsWith('<');
    const said = (isHtml ? textOfPage(body) : body).slice(0, LONGEST_TEXT).trim();
    return { code: '', text: said, isHtml, all: `: ${said}`, isPermanent: null };
  }
  const error = memberNamed(json, 'error');
  const [outer, ...within] = chainOf(typeof error === 'object' && error !== null ? error : json);
  const code = outer?.code ?? '';
  const inner = within.findLast((one) => one.text !== '' && (one.code !== '' || !outer?.text));
  const message = inner?.text ?? outer?.text ?? '';
  const said = [message, outer?.action].filter(Boolean).join(' ').trim();
  const all = [
    `${code}: ${outer?.text ?? ''} ${outer?.action ?? ''}`,
    ...within.map((one) => `${one.code}: ${one.text}`),
  ].join('\n');
  const isPermanent = [outer, ...within].find((one) => one && one.isPermanent !== null)?.isPermanent ?? null;
  return { code, text: said, isHtml: false, all: all.slice(0, LONGEST_TEXT), isPermanent };
}

function parsed(body: string): object | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function textOfPage(page: string): string {
  const title = /<title>([^<]{1,500})<\/title>/i.exec(page)?.[1];
  return (title ?? page.replace(TAG, ' ')).replace(/\s+/g, ' ');
}
