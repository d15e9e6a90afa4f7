const MASK = '***';
/** Shorter beginnings of a secret at the end of a cut text are not told from chance. */
const SHORTEST_PREFIX = 4;

/**
 * Replaces secrets in a text that came from the other side, also one that was cut off at the text's end: receivers
 * are known to repeat what they were sent in their error pages.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret !== '') masked = maskEnd(masked.replaceAll(secret, MASK), secret);
  }
  return masked;
}

function maskEnd(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= SHORTEST_PREFIX; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MASK;
  }
  return text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of the other side without control characters, so that it can be shown on a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}
