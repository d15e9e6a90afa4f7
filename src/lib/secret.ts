import { inspect } from 'node:util';

/** Where the text of a secret comes from that may change while we run. */
export interface SecretOrigin {
  /** The text as it is now. */
  text(): string;
  /** Why the text may be older than what it comes from; null: it is not. */
  trouble(): string | null;
}

/** How many texts of one secret are remembered. */
const REMEMBERED = 8;

/** Text that prints as `***` in logs, errors, JSON and the debugger; only `reveal` gives it away. */
export class Secret {
  readonly #origin: SecretOrigin | null;
  #texts: readonly string[];

  constructor(from: string | SecretOrigin) {
    this.#origin = typeof from === 'string' ? null : from;
    this.#texts = [typeof from === 'string' ? from : from.text()];
  }

  /** The text as it is now. A file behind it may be read again for this. */
  reveal(): string {
    const [known = ''] = this.#texts;
    const text = this.#origin?.text() ?? known;
    if (text !== known) {
      this.#texts = [text, ...this.#texts.filter((one) => one !== text)].slice(0, REMEMBERED);
    }
    return text;
  }

  /** The latest text that was revealed, and those before it: what must not be shown. The same array until there is another. */
  texts(): readonly string[] {
    return this.#texts;
  }

  mayChange(): boolean {
    return this.#origin !== null;
  }

  /** Why the text may be older than the file that it comes from; null: it is not. */
  trouble(): string | null {
    return this.#origin?.trouble() ?? null;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** All secrets in a value, however deep. */
export function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}
