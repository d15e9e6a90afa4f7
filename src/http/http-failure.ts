import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../lib/errors.ts';

/** An answer that is no success. */
export interface HttpFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly Problem[];
  readonly retryAfterMs?: number | null;
}

/** In the form of the command line's failures. */
export function failWith(context: Context, { status, code, message, problems, retryAfterMs }: HttpFailure): Response {
  if (status === 401) context.header('WWW-Authenticate', 'Bearer');
  if (retryAfterMs) context.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  const error = { code, message, ...(problems && problems.length > 0 && { problems }) };
  return context.json({ error }, status as ContentfulStatusCode);
}
