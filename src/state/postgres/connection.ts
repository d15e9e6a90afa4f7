import pg, { type ClientConfig, type CustomTypesConfig } from 'pg';
import { toDatabaseError } from './state-error.ts';

/** What runs statements: a connection of its own or one of a pool. */
export interface DatabaseClient {
  /** Rows by the names of their columns, and how many were changed or found. A name keeps the statement compiled in its session. */
  query(statement: ClientStatement): Promise<ClientResult>;
}

export interface ClientStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
}

export interface ClientResult {
  readonly rows: readonly unknown[];
  readonly rowCount: number | null;
  readonly command: string;
}

/** A database as messages name it: never with its password. */
export interface DatabaseAddress {
  readonly url: string;
  readonly name: string;
}

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;
const BIGINT = 20;
const NUMERIC = 1700;

/** Whole numbers of the state stay below 2^53. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) => {
    if (oid === BIGINT || oid === NUMERIC) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

export function addressOf(url: string): DatabaseAddress {
  try {
    const { hostname, port, pathname } = new URL(url);
    const place = hostname === '' ? 'this machine' : `${hostname}${port === '' ? '' : `:${port}`}`;
    return { url, name: `the database ${decodeURIComponent(pathname.slice(1)) || 'postgres'} at ${place}` };
  } catch {
    return { url, name: 'the database of state.url' };
  }
}

function settingsOf({ url }: DatabaseAddress): ClientConfig {
  return {
    connectionString: url,
    application_name: 'huntwire',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: TYPES,
  };
}

/** A connection of its own: for locks, which live as long as it does. `onLost` is called once where it ends without being asked to. */
export async function openClient(
  address: DatabaseAddress,
  onLost: (reason: string) => void = () => undefined,
  onNotice: (text: string) => void = () => undefined,
): Promise<DatabaseClient & { readonly end: () => Promise<void> }> {
  const client = new pg.Client(settingsOf(address));
  let isEnding = false;
  let reason = 'the connection was closed';
  client.on('error', (error) => {
    reason = error.message;
  });
  client.on('end', () => {
    if (!isEnding) onLost(reason);
  });
  client.on('notification', ({ payload = '' }) => onNotice(payload));
  try {
    await client.connect();
  } catch (thrown) {
    throw toDatabaseError(thrown, address.name);
  }
  // Several ask at once: one after another, as the driver wants it.
  let last: Promise<unknown> = Promise.resolve();
  return {
    query: (statement) => {
      const ask = (): Promise<ClientResult> => client.query({ ...statement, values: [...(statement.values ?? [])] });
      const asked = last.then(ask);
      last = asked.catch(() => undefined);
      return asked;
    },
    end: async () => {
      isEnding = true;
      await client.end();
    },
  };
}

/** A text as it stands in a statement. */
export function quoted(text: string): string {
  return pg.escapeLiteral(text);
}

/** Connections that are opened as they are needed; one that breaks is replaced with the next use. */
export interface ClientPool {
  /** Work on one connection; it is given up where `work` says that it is broken. */
  use<Result>(work: (session: DatabaseClient) => Promise<Result>): Promise<Result>;
  end(): Promise<void>;
}

const MOST_CLIENTS = 5;

/** `begin`: what each connection is told first. */
export function openPool(address: DatabaseAddress, begin: string | null = null): ClientPool {
  const onConnect = async (client: pg.ClientBase): Promise<void> => {
    if (begin !== null) await client.query(begin);
  };
  const limits = { max: MOST_CLIENTS, idleTimeoutMillis: 60_000 };
  const pool = new pg.Pool({ ...settingsOf(address), ...limits, onConnect });
  // A connection that breaks while nobody uses it is no failure of anybody's.
  pool.on('error', () => undefined);
  // One that breaks between two statements of whoever uses it tells so with the next.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return {
    use: async (work) => {
      const client = await pool.connect().catch((thrown: unknown) => {
        throw toDatabaseError(thrown, address.name);
      });
      let isBroken = true;
      try {
        const result = await work({
          query: (statement) => client.query({ ...statement, values: [...(statement.values ?? [])] }),
        });
        isBroken = false;
        return result;
      } finally {
        client.release(isBroken);
      }
    },
    end: () => pool.end(),
  };
}
