import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../lib/secret.ts';

/** What a token may do: `read` looks, `run` asks and rehearses, `write` changes. */
export const SCOPES = ['read', 'run', 'write'] as const;
export type TokenScope = (typeof SCOPES)[number];

export interface Token {
  /** Who holds it, for the log. */
  readonly name: string;
  readonly token: Secret;
  readonly scopes: readonly TokenScope[];
}

/** The token of an `Authorization` header; null where it is none of these. All are compared, each in the same time. */
export function tokenOf(header: string | undefined, tokens: readonly Token[]): Token | null {
  const [, given] = /^Bearer ([\x21-\x7e]+) *$/i.exec(header ?? '') ?? [];
  if (given === undefined) return null;
  const digest = digestOf(given);
  const [found = null] = tokens.filter(({ token }) => timingSafeEqual(digestOf(token.reveal()), digest));
  return found;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
