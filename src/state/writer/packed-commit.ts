import type { KeptAlert } from '../sqlite/alert-rows.ts';
import type { Commit } from '../store.ts';

type Kept = Commit<KeptAlert>;
type Lists = Pick<Kept, 'keys' | 'messages'> & { readonly alerts: readonly Omit<KeptAlert, 'document'>[] };

/**
 * A commit as it goes from thread to thread: its long lists of small records as one text, which is copied as a whole. Copied member by
 * member, a thousand alerts take several times as long on either side.
 */
export interface PackedCommit extends Omit<Kept, 'alerts' | keyof Lists> {
  readonly lists: string;
  readonly documents: readonly string[];
}

export function packCommit({ alerts, keys, messages, ...rest }: Kept): PackedCommit {
  const heads = alerts.map(({ id, revision, status }) => ({ id, revision, status }));
  const lists: Lists = { alerts: heads, keys, messages };
  return { ...rest, lists: JSON.stringify(lists), documents: alerts.map(({ document }) => document) };
}

export function unpackCommit({ lists, documents, ...rest }: PackedCommit): Kept {
  const { alerts, keys, messages } = JSON.parse(lists) as Lists;
  return {
    ...rest,
    keys,
    messages,
    alerts: alerts.map((head, index) => ({ ...head, document: documents[index] ?? '' })),
  };
}
