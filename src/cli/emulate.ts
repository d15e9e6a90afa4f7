import { resolve } from 'node:path';
import type { Alert } from '../alerts/alert.ts';
import { RECEIVER_PATH } from '../emulator/application.ts';
import { foundCompany, plantAttacks } from '../emulator/company/company.ts';
import { createRandom } from '../emulator/company/random.ts';
import { createCompanyEvents } from '../emulator/company-events.ts';
import { createEngineAnswerer } from '../emulator/engine-answerer.ts';
import type { EventStore } from '../emulator/event-store.ts';
import { FAULT_WORDS, type FaultShare, readFaultShare } from '../emulator/fault-share.ts';
import { createFileEvents } from '../emulator/file-events.ts';
import { DOCUMENTED_QUOTA } from '../emulator/meter.ts';
import { startEmulator } from '../emulator/server.ts';
import { DAY_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { readPem } from '../lib/tls.ts';
import type { Verb } from './cli.ts';
import { type LocalDataOptions, openLocalData, printNotes, withData } from './data-options.ts';
import { EXIT } from './exit-codes.ts';
import { collect } from './options.ts';
import { takeSchemas } from './schema-files.ts';
import { oneLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface EmulateOptions extends LocalDataOptions {
  readonly port: string;
  readonly cert?: string;
  readonly key?: string;
  readonly fault: readonly string[];
  readonly callsPerMinute: string;
  readonly schema: readonly string[];
}

export const emulate: Verb = (program, world, done) => {
  withData(program.command('emulate'), 'folder or file of events; a made-up small company where left out')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', '0')
    .option('--fault <fault:share>', 'let a share of all queries fail, for example 429:0.1; repeatable', collect, [])
    .option('--calls-per-minute <number>', 'the quota of each API', String(DOCUMENTED_QUOTA.callsPerMinute))
    .option('--schema <file>', "tables beside the Defender's; sentinel: those of Sentinel; repeatable", collect, [])
    .option('--cert <file>', 'PEM certificate: speak TLS')
    .option('--key <file>', 'PEM key of the certificate')
    .action(async (options: EmulateOptions) => done(await serve(world, options)));
};

async function serve(world: World, options: EmulateOptions): Promise<number> {
  const port = portOf(options.port);
  const chance = { shares: sharesOf(options.fault), random: createRandom(SEED, 'faults').next };
  const quota = { callsPerMinute: callsOf(options.callsPerMinute) };
  const tls = tlsOf(world, options);
  // The company that is made up has the tables of Defender.
  takeSchemas(
    options.schema.map((file) => resolve(world.cwd, file)),
    options.data.length > 0,
  );
  const events = options.data.length > 0 ? await fileEvents(world, options) : companyEvents(world);
  const emulator = await startEmulator({
    port,
    answerer: createEngineAnswerer(events, { elapsed: world.clock.monotonic }),
    clock: world.clock,
    chance,
    quota,
    onAlert: (body) => world.stderr.write(`${alertLine(body)}\n`),
    ...(tls && { tls }),
  }).catch((error: unknown) => {
    throw new HuntwireError(
      'USAGE',
      `The stand-in cannot start (--port, --cert, --key): ${toHuntwireError(error).message}.`,
      { cause: error },
    );
  });
  const { baseUrl, authority, application } = emulator;
  const { tenantId, clientId, clientSecret } = application;
  const told = { baseUrl, authority, tenantId, clientId, clientSecret, receiver: `${baseUrl}${RECEIVER_PATH}` };
  world.stdout.write(`${JSON.stringify(told)}\n`);
  try {
    await untilAborted(world.signal);
    return EXIT.ok;
  } finally {
    await emulator.close();
  }
}

async function fileEvents(world: World, options: EmulateOptions): Promise<EventStore> {
  const { tables, notes } = await openLocalData(world, options);
  printNotes(world, notes());
  return createFileEvents(tables);
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

/** The shares of `--fault`, of which no two can meet one query. */
function sharesOf(texts: readonly string[]): readonly FaultShare[] {
  const shares = texts.map((text) => {
    const share = readFaultShare(text);
    if (share) return share;
    const known = FAULT_WORDS.join(', ');
    throw new HuntwireError(
      'USAGE',
      `--fault: write a fault and its share, as 429:0.1, and not "${text}"; faults are ${known}.`,
    );
  });
  if (shares.reduce((sum, { share }) => sum + share, 0) > 1)
    throw new HuntwireError('USAGE', '--fault: the shares are more than 1 together.');
  return shares;
}

function callsOf(text: string): number {
  const calls = Number(text);
  if (!/^\d+$/.test(text) || calls < 1)
    throw new HuntwireError('USAGE', `--calls-per-minute: "${text}" is no number above 0.`);
  return calls;
}

/** `received  medium  A title`, for whoever watches the stand-in's receiver; what is no alert of ours is told as that. */
function alertLine(body: string): string {
  const alert = readAlert(body);
  if (typeof alert?.title !== 'string') return 'received  something that is no alert in the native format';
  const resolved = alert.status === 'resolved' ? '  resolved' : '';
  return `received  ${oneLine(String(alert.severity))}  ${oneLine(alert.title)}${resolved}`;
}

function readAlert(body: string): Partial<Alert> | null {
  try {
    return JSON.parse(body) as Partial<Alert> | null;
  } catch {
    return null;
  }
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
