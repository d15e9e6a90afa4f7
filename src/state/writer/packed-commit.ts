import type { HealthCommit } from '../outbox-store.ts';
import type { KeptAlert } from '../rows/alert-rows.ts';
import type { Commit } from '../store.ts';
import { type PackedRecords, packRecords, unpackRecords } from './packed-records.ts';

type Kept = Commit<KeptAlert>;
type KeptHealth = HealthCommit<KeptAlert>;
type Lists = readonly [readonly Head[], Kept['keys'], Kept['messages']];
/** An alert without its text, of which it has the length. */
type Head = Omit<KeptAlert, 'document'> & { readonly bytes: number };

/** Texts of alerts one behind another, in memory of their own that can be handed over. */
export interface PackedTexts {
  readonly documents: Buffer<ArrayBuffer>;
}

/**
 * A commit as it goes from thread to thread: its long lists of small records packed, and the texts of its alerts as bytes, which are handed
 * over. Copied member by member, a thousand alerts take many times as long on either side.
 */
export interface PackedCommit extends PackedTexts, Omit<Kept, 'alerts' | 'keys' | 'messages'> {
  readonly lists: readonly PackedRecords[];
}

export interface PackedHealth extends PackedTexts, Omit<KeptHealth, 'alerts'> {
  readonly heads: readonly Head[];
}

export function packCommit({ alerts, keys, messages, ...rest }: Kept): PackedCommit {
  return { ...rest, lists: packRecords([headsOf(alerts), keys, messages]), documents: textsOf(alerts) };
}

export function unpackCommit({ lists, documents, ...rest }: PackedCommit): Kept {
  const [heads, keys, messages] = unpackRecords(lists) as unknown as Lists;
  return { ...rest, keys, messages, alerts: withTexts(heads, documents) };
}

export function packHealth({ alerts, ...rest }: KeptHealth): PackedHealth {
  return { ...rest, heads: headsOf(alerts), documents: textsOf(alerts) };
}

export function unpackHealth({ heads, documents, ...rest }: PackedHealth): KeptHealth {
  return { ...rest, alerts: withTexts(heads, documents) };
}

function headsOf(alerts: readonly KeptAlert[]): readonly Head[] {
  return alerts.map(({ id, revision, status, document }) => ({ id, revision, status, bytes: document.length }));
}

function textsOf(alerts: readonly KeptAlert[]): Buffer<ArrayBuffer> {
  const texts = Buffer.allocUnsafeSlow(alerts.reduce((sum, { document }) => sum + document.length, 0));
  let end = 0;
  for (const { document } of alerts) {
    texts.set(document, end);
    end += document.length;
  }
  return texts;
}

function withTexts(heads: readonly Head[], { buffer }: Pick<PackedTexts['documents'], 'buffer'>): readonly KeptAlert[] {
  let end = 0;
  return heads.map(({ id, revision, status, bytes }) => {
    const begin = end;
    end += bytes;
    return { id, revision, status, document: Buffer.from(buffer, begin, bytes) };
  });
}
