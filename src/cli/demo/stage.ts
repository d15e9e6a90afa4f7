import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from '../../app/host.ts';
import { type App, openApp } from '../../app.ts';
import { foundCompany, type PlantedAttack, plantAttacks, wholeHour } from '../../emulator/company/company.ts';
import { createCompanyEvents } from '../../emulator/company-events.ts';
import { createEngineAnswerer } from '../../emulator/engine-answerer.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { type ReceivedMessage, startSyslogReceiver } from '../../emulator/syslog-receiver.ts';
import { type ReceivedPost, startWebhookReceiver } from '../../emulator/webhook-receiver.ts';
import { closeAll } from '../../lib/all-ended.ts';
import { type Clock, createFastClock } from '../../lib/clock.ts';
import { HOUR_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { createHost } from '../host.ts';
import { readConfig } from '../read-config.ts';
import type { World } from '../terminal/world.ts';
import { demoConfig } from './demo-config.ts';
import { createHeldClock } from './held-clock.ts';
import { stillSource } from './still-source.ts';

export interface StageOptions {
  /** How many times as fast as real time the demo goes. */
  readonly factor: number;
  /** Folder of the rules. */
  readonly rules: string;
  readonly onPost: (post: ReceivedPost) => void;
  readonly onMessage: (message: ReceivedMessage) => void;
  readonly onGarbage: (reason: string) => void;
}

/** Everything that the demo is played on. */
export interface Stage {
  readonly app: App;
  readonly host: Host;
  /** The one clock of stand-in, schedules, windows and deliveries; targets and receivers keep real time, as everywhere. */
  readonly clock: Clock;
  readonly configFile: string;
  readonly attacks: readonly PlantedAttack[];
  /** Lets time go on. */
  begin(): void;
  /** Stops and removes everything, last opened first. */
  close(): Promise<void>;
}

/** The rules that come with the package. */
export const SHIPPED_RULES = fileURLToPath(new URL('../../../rules', import.meta.url));

const SEED = 1;
const HISTORY_MS = 6 * HOUR_MS;
const TOKEN_SECONDS = 86_399;

/** Opens the stand-in, both receivers and the app, and asks one query over the wire. Time stands still until `begin`. */
export async function openStage(world: World, options: StageOptions): Promise<Stage> {
  const closers: (() => unknown)[] = [];
  const close = (): Promise<void> => closeAll(closers);
  try {
    return { ...(await setUp(world, options, closers)), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function setUp(world: World, options: StageOptions, closers: (() => unknown)[]): Promise<Omit<Stage, 'close'>> {
  const held = createHeldClock(world.clock);
  const clock = createFastClock(wholeHour(held.now()), options.factor, held);
  const { emulator, attacks } = await openStandIn(world, clock, closers);
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook = await startWebhookReceiver({ secret, now: world.clock.now, onPost: options.onPost });
  closers.push(webhook.close);
  const syslog = await startSyslogReceiver(options);
  closers.push(syslog.close);
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-demo-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'huntwire.yaml');
  const ports = { webhookPort: webhook.port, syslogPort: syslog.port };
  const text = demoConfig({ emulator, ...ports, webhookSecret: secret, rules: options.rules });
  writeFileSync(configFile, text, { mode: 0o600 });
  const fastWorld = { ...world, clock };
  const config = readConfig(fastWorld, configFile);
  const host = createHost(fastWorld, config, 'in-process', 'demo');
  const opened = await openApp(config, host);
  closers.push(opened.close);
  const tenants = opened.tenants.map((tenant) => ({ ...tenant, source: stillSource(tenant.source, held) }));
  const app = { ...opened, tenants };
  await warmUp(app, world.signal);
  return { app, host, clock, configFile, attacks, begin: held.release };
}

async function openStandIn(
  world: World,
  clock: Clock,
  closers: (() => unknown)[],
): Promise<{ readonly emulator: Emulator; readonly attacks: readonly PlantedAttack[] }> {
  const company = foundCompany({ seed: SEED });
  const attacks = plantAttacks(company, clock.now());
  const events = createCompanyEvents({ company, attacks, since: clock.now() - HISTORY_MS });
  events.advance(clock.now());
  const answerer = createEngineAnswerer(events, { elapsed: world.clock.monotonic });
  const application = { expiresInSeconds: TOKEN_SECONDS };
  const emulator = await startEmulator({ port: 0, answerer, clock, application });
  closers.push(emulator.close);
  return { emulator, attacks };
}

/** A token and a query before time goes on: the first of each takes seconds, which would be minutes of the demo. */
async function warmUp(app: App, signal: AbortSignal): Promise<void> {
  for (const { source } of app.tenants) {
    const failure = (await source.check(signal)).find((result) => !result.ok);
    signal.throwIfAborted();
    if (failure) throw new HuntwireError('INTERNAL', `The stand-in does not work: ${failure.message}`);
  }
}
