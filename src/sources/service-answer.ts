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
}

/** Of what an error says, so much is looked at: pages of it say nothing more. */
const LONGEST_TEXT = 4096;
const TAG = /<[^<>]*>/g;

/**
 * Reads `{"error": {"code", "message"}}` (all three APIs), `{"ErrorMessage", "RecommendedAction"}` (the portal), a web page, or
 * plain text. Member names in any case.
 */
export function readServiceError(body: string): ServiceError {
  const json = parsed(body);
  if (json === null) {
    const isHtml = body.trimStart().startsWith('<');
    return { code: '', text: (isHtml ? textOfPage(body) : body).slice(0, LONGEST_TEXT).trim(), isHtml };
  }
  const error = objectOf(member(json, 'error')) ?? json;
  const action = text(member(error, 'recommendedAction'));
  const message = text(member(error, 'message')) || text(member(error, 'errorMessage'));
  const inner = objectOf(member(error, 'innerError'));
  const fallback = inner ? text(member(inner, 'message')) : '';
  const code = text(member(error, 'code')) || text(member(error, 'errorCode'));
  return { code, text: [message || fallback, action].filter(Boolean).join(' ').trim(), isHtml: false };
}

function parsed(body: string): object | null {
  try {
    return objectOf(JSON.parse(body));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): object | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

function member(object: object, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_TEXT) : '';
}

function textOfPage(page: string): string {
  const title = /<title>([^<]{1,500})<\/title>/i.exec(page)?.[1];
  return (title ?? page.replace(TAG, ' ')).replace(/\s+/g, ' ');
}
