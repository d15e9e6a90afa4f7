import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { HOUR_MS } from '../../lib/duration.ts';
import type { TokenScope } from '../tokens.ts';

/** Who has signed in. */
export interface SignedIn {
  /** For log and audit: the name of a token, or of a user whom a proxy has let in. */
  readonly by: string;
  /** The name of the token that let them in; null: a proxy has, with this request. */
  readonly token: string | null;
  readonly scopes: readonly TokenScope[];
  /** What forms must bring back. */
  readonly formKey: string;
}

export interface Visits {
  /** The id, for the cookie. */
  begin(visit: Omit<SignedIn, 'formKey'>): string;
  /** null: there is none, or it is over. */
  find(id: string): SignedIn | null;
  end(id: string): void;
  /** What forms bring back of who is named by each request anew: the same as long as the process lives. */
  formKeyOf(name: string): string;
}

export const LONGEST_SESSION_MS = 12 * HOUR_MS;
/** The oldest are forgotten beyond this. */
const MOST = 1000;

/** Visits in memory: a restart ends them. Ids are kept as hashes, so that a memory image lets nobody in. */
export function createVisits({ monotonic }: Pick<Clock, 'monotonic'>): Visits {
  const visits = new Map<string, SignedIn & { readonly endsAt: number }>();
  const secret = randomBytes(32);
  return {
    begin: (visit) => {
      const id = randomText();
      visits.set(hashOf(id), { ...visit, formKey: randomText(), endsAt: monotonic() + LONGEST_SESSION_MS });
      const [oldest] = visits.keys();
      if (visits.size > MOST && oldest !== undefined) visits.delete(oldest);
      return id;
    },
    find: (id) => {
      const found = visits.get(hashOf(id)) ?? null;
      if (!found || found.endsAt > monotonic()) return found;
      visits.delete(hashOf(id));
      return null;
    },
    end: (id) => void visits.delete(hashOf(id)),
    formKeyOf: (name) => createHmac('sha256', secret).update(name).digest('base64url'),
  };
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
