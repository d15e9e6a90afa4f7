import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a database, in which things go wrong. */
export interface Cable {
  readonly url: string;
  /** From now on nothing goes through, and nobody is told. */
  hold(): void;
  /** All connections end, as where the database crashes; new ones go through. */
  cut(): void;
  /** With the next COMMIT all connections end: before it arrives, or once it is on its way. */
  cutAtCommit(moment: 'before' | 'behind'): void;
  close(): void;
}

export async function openCable(to: string): Promise<Cable> {
  const { port } = new URL(to);
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let isHeld = false;
  let atCommit: 'before' | 'behind' | null = null;
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy();
      // What is on its way arrives.
      far.end();
    }
    pairs.clear();
  };
  const passOn = (chunk: Buffer, far: Socket): void => {
    const moment = chunk.includes('COMMIT') ? atCommit : null;
    if (moment !== 'before') far.write(chunk);
    if (moment === null) return;
    atCommit = null;
    cut();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    pairs.add({ near, far });
    for (const one of [near, far]) one.on('error', () => undefined);
    near.on('data', (chunk) => isHeld || passOn(chunk, far));
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
    cutAtCommit: (moment) => {
      atCommit = moment;
    },
    close: () => {
      for (const { near, far } of pairs) for (const one of [near, far]) one.destroy();
      server.close();
    },
  };
}
