import { createHash } from 'node:crypto';
import type { Happening } from '../state/journal-store.ts';
import type { JournalMessage } from '../targets/target.ts';
import { journalWords } from './journal-line.ts';

/** What happened, for a target: `origin` tells states apart whose events go to one receiver. */
export function journalMessage(happening: Happening, origin: string): JournalMessage {
  const words = journalWords(happening);
  const whole = JSON.stringify(words);
  const id = createHash('sha256').update(`${origin}\n${whole}`).digest('hex').slice(0, 32);
  return {
    id,
    at: new Date(happening.at).toISOString(),
    text: (maxBytes) =>
      maxBytes === null || Buffer.byteLength(whole) <= maxBytes ? whole : shortened(words, maxBytes),
  };
}

/** The longest values go first; `cut` names them. */
function shortened(words: Readonly<Record<string, unknown>>, maxBytes: number): string {
  const bySize = Object.entries(words)
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(JSON.stringify(value) ?? '') }))
    .sort((one, other) => other.bytes - one.bytes);
  const cut: string[] = [];
  for (const { key } of bySize) {
    cut.push(key);
    const rest = Object.entries(words).filter(([name]) => !cut.includes(name));
    const text = JSON.stringify({ ...Object.fromEntries(rest), cut });
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return JSON.stringify({ cut: true });
}
