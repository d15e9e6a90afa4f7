import { resolve } from 'node:path';
import { foundCompany, plantAttacks } from '../emulator/company/company.ts';
import { createCompanyEvents } from '../emulator/company-events.ts';
import { createEngineAnswerer } from '../emulator/engine-answerer.ts';
import type { EventStore } from '../emulator/event-store.ts';
import { createFileEvents } from '../emulator/file-events.ts';
import { startEmulator } from '../emulator/server.ts';
import { openDataFolder } from '../engine/data/folder.ts';
import { DAY_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { readPem } from '../lib/tls.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import type { World } from './terminal/world.ts';

interface EmulateOptions {
  readonly port: string;
  readonly data?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const emulate: Verb = (program, world, done) => {
  program
    .command('emulate')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', '0')
    .option('--data <folder>', 'folder of event files; a made-up small company where left out')
    .option('--cert <file>', 'PEM certificate: speak TLS')
    .option('--key <file>', 'PEM key of the certificate')
    .action(async (options: EmulateOptions) => done(await serve(world, options)));
};

async function serve(world: World, options: EmulateOptions): Promise<number> {
  const port = portOf(options.port);
  const tls = tlsOf(world, options);
  const events = options.data ? await fileEvents(resolve(world.cwd, options.data)) : companyEvents(world);
  const emulator = await startEmulator({
    port,
    answerer: createEngineAnswerer(events, { elapsed: world.clock.monotonic }),
    clock: world.clock,
    ...(tls && { tls }),
  }).catch((error: unknown) => {
    throw new HuntwireError(
      'USAGE',
      `The stand-in cannot start (--port, --cert, --key): ${toHuntwireError(error).message}.`,
      { cause: error },
    );
  });
  const { tenantId, clientId, clientSecret } = emulator.application;
  world.stdout.write(
    `${JSON.stringify({ baseUrl: emulator.baseUrl, authority: emulator.authority, tenantId, clientId, clientSecret })}\n`,
  );
  try {
    await untilAborted(world.signal);
    return EXIT.ok;
  } finally {
    await emulator.close();
  }
}

async function fileEvents(folder: string): Promise<EventStore> {
  return createFileEvents((await openDataFolder(folder)).tables);
}

const SEED = 1;

/** The last day of a company, which goes on from here; the attacks on it happen about now. */
function companyEvents({ clock }: World): EventStore {
  const now = clock.now();
  const company = foundCompany({ seed: SEED });
  const events = createCompanyEvents({ company, attacks: plantAttacks(company, now), since: now - DAY_MS });
  events.advance(now);
  return events;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new HuntwireError('USAGE', `--port: "${text}" is no port.`);
  return port;
}

function tlsOf(world: World, { cert, key }: EmulateOptions): { readonly cert: string; readonly key: string } | null {
  if (!cert && !key) return null;
  if (!cert || !key) throw new HuntwireError('USAGE', '--cert and --key go together.');
  return { cert: readPem(resolve(world.cwd, cert), '--cert'), key: readPem(resolve(world.cwd, key), '--key') };
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
