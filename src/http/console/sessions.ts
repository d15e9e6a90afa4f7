import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { HOUR_MS } from '../../lib/duration.ts';
import type { TokenScope } from '../tokens.ts';

/** Who has signed in. */
export interface Session {
  /** For log and audit: the name of a token, or of a user whom a proxy has let in. */
  readonly by: string;
  /** The name of the token that let them in; null: a proxy did. */
  readonly token: string | null;
  readonly scopes: readonly TokenScope[];
  /** What forms must bring back. */
  readonly formKey: string;
}

export interface Sessions {
  /** The id, for the cookie. */
  begin(session: Omit<Session, 'formKey'>): string;
  /** null: there is none, or it is over. */
  find(id: string): Session | null;
  end(id: string): void;
}

export const LONGEST_SESSION_MS = 12 * HOUR_MS;
/** The oldest are forgotten beyond this. */
const MOST = 1000;

/** Sessions in memory: a restart ends them. Ids are kept as hashes, so that a memory image lets nobody in. */
export function createSessions({ monotonic }: Pick<Clock, 'monotonic'>): Sessions {
  const sessions = new Map<string, Session & { readonly endsAt: number }>();
  return {
    begin: (session) => {
      const id = randomText();
      sessions.set(hashOf(id), { ...session, formKey: randomText(), endsAt: monotonic() + LONGEST_SESSION_MS });
      const [oldest] = sessions.keys();
      if (sessions.size > MOST && oldest !== undefined) sessions.delete(oldest);
      return id;
    },
    find: (id) => {
      const found = sessions.get(hashOf(id)) ?? null;
      if (!found || found.endsAt > monotonic()) return found;
      sessions.delete(hashOf(id));
      return null;
    },
    end: (id) => void sessions.delete(hashOf(id)),
  };
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
