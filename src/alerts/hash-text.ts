import { hash } from 'node:crypto';

const KEY_DIGITS = 32;

/** 16 bytes of SHA-256 as 32 hex digits. */
export function hashText(text: string): string {
  return hash('sha256', text, 'hex').slice(0, KEY_DIGITS);
}
