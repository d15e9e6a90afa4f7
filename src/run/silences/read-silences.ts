import { type Matcher, parseMatcher } from '../../alerts/matchers.ts';
import { type Silence, spanOfSilence } from '../../alerts/silences.ts';
import type { SilenceReader, SilenceRecord } from '../../state/silence-store.ts';
import type { Store } from '../../state/store.ts';

/** Silences and maintenance that are `configured` at the moment with those that the state has; whoever adds one does so beside a running process. */
export function createSilenceReader(
  configured: () => readonly Silence[],
  store: Pick<Store, 'silences'>,
): SilenceReader {
  const parsed = new Map<string, readonly Matcher[]>();
  return async () => {
    const added = (await store.silences()).filter(({ expiredAt }) => expiredAt === null);
    return [...configured(), ...added.map((record) => silenceOf(record, parsed))];
  };
}

/** A silence of the state, with what was parsed of others before. */
export function silenceOf(record: SilenceRecord, parsed: Map<string, readonly Matcher[]> = new Map()): Silence {
  const { id, owner, reason, addedAt } = record;
  const key = JSON.stringify(record.match);
  const match = parsed.get(key) ?? readStored(record.match);
  parsed.set(key, match);
  return { counts: 'silenced', id, match, owner, reason, spanAt: spanOfSilence(record, addedAt) };
}

/** Of one that was written by another version and cannot be read, nothing matches. */
function readStored(texts: readonly string[]): readonly Matcher[] {
  return texts.map((text) => {
    const found = parseMatcher(text);
    return found.kind === 'matcher' ? found.matcher : { text, name: 'rule', isNegated: false, matches: () => false };
  });
}
