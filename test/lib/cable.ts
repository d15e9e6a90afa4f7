import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a database, in which things go wrong. */
export interface Cable {
  readonly url: string;
  /** From now on nothing goes through, and nobody is told. */
  hold(): void;
  /** All connections end, as where the database crashes; new ones go through. */
  cut(): void;
  /** With the next COMMIT all connections end, or only its own: before it arrives, or once it is on its way. */
  cutAtCommit(moment: 'before' | 'behind', which?: 'all' | 'own'): void;
  close(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function openCable(to: string): Promise<Cable> {
  const { port } = new URL(to);
  const pairs = new Set<Pair>();
  let isHeld = false;
  let atCommit: { readonly moment: 'before' | 'behind'; readonly which: 'all' | 'own' } | null = null;
  const drop = (pair: Pair): void => {
    pair.near.destroy();
    // What is on its way arrives.
    pair.far.end();
    pairs.delete(pair);
  };
  const cut = (): void => {
    for (const pair of [...pairs]) drop(pair);
  };
  const passOn = (chunk: Buffer, pair: Pair): void => {
    const planned = chunk.includes('COMMIT') ? atCommit : null;
    if (planned?.moment !== 'before') pair.far.write(chunk);
    if (planned === null) return;
    atCommit = null;
    if (planned.which === 'all') cut();
    else drop(pair);
  };
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    for (const one of [near, far]) one.on('error', () => undefined);
    near.on('data', (chunk) => isHeld || passOn(chunk, pair));
    far.on('data', (chunk) => isHeld || near.write(chunk));
    near.on('close', () => far.end());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(to);
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    url: url.href,
    hold: () => {
      isHeld = true;
    },
    cut,
    cutAtCommit: (moment, which = 'all') => {
      atCommit = { moment, which };
    },
    close: () => {
      for (const { near, far } of pairs) for (const one of [near, far]) one.destroy();
      server.close();
    },
  };
}
