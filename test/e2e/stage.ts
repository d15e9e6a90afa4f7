import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Alert } from '../../src/alerts/alert.ts';
import { runCli } from '../../src/cli/cli.ts';
import type { Terminal } from '../../src/cli/terminal/world.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import type { EmulatedApi } from '../../src/emulator/answer.ts';
import { createEngineAnswerer } from '../../src/emulator/engine-answerer.ts';
import { createFileEvents } from '../../src/emulator/file-events.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { type RawRow, rowTable } from '../../src/engine/data/row-table.ts';
import { columnsOfTable } from '../../src/kql/defender.ts';
import { type Clock, createFastClock } from '../../src/lib/clock.ts';
import { type Answer, type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';

export const MINUTE = 60_000;
export const T0 = Date.parse('2026-01-10T12:00:00Z');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a configuration, a stand-in for Microsoft, a receiver, and the command line in this process. */
export interface Stage {
  readonly folder: string;
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly receiver: HttpReceiver;
  write(name: string, text: string): string;
  read(name: string): string;
  cli(...argv: string[]): Promise<Ended>;
  /** The same until `signal` aborts, as Ctrl-C does. */
  cliUntil(signal: AbortSignal, ...argv: string[]): Promise<Ended>;
  /** Moves the clock of everything on. */
  later(ms: number): void;
  /** Alerts that the receiver has got, in the native format. */
  alerts(): readonly Alert[];
  close(): Promise<void>;
}

export interface StageOptions {
  /** Rows of DeviceEvents. */
  readonly events?: readonly RawRow[];
  readonly emulator?: Partial<EmulatorOptions>;
  readonly answer?: Answer;
  readonly env?: Readonly<Record<string, string>>;
  /** Epoch ms at which the clock starts, and how fast it runs. */
  readonly start?: number;
  readonly factor?: number;
}

/** Ten seconds of the clock are one of the machine: retries and pauses pass quickly. */
const FACTOR = 10;

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'huntwire-e2e-'));
  const { clock, later } = shiftedClock(options.start ?? T0, options.factor ?? FACTOR);
  const events = rowTable(columnsOfTable('DeviceEvents') ?? [], options.events ?? []);
  const answerer = createEngineAnswerer(createFileEvents({ DeviceEvents: events }), { elapsed: clock.monotonic });
  const emulator = await startEmulator({ port: 0, answerer, clock, ...options.emulator });
  const receiver = await startHttpReceiver(options.answer ?? ((_, response) => response.end()));
  const env = { ...options.env, EMULATOR_SECRET: emulator.application.clientSecret, HOOK: receiver.url };
  const cliUntil = (signal: AbortSignal, ...argv: string[]): Promise<Ended> =>
    runHere(argv, { folder, clock, env, signal });
  return {
    folder,
    clock,
    emulator,
    receiver,
    later,
    write: (name, text) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    cli: (...argv) => cliUntil(new AbortController().signal, ...argv),
    cliUntil,
    alerts: () => receiver.received.map((one) => JSON.parse(one.body) as Alert),
    close: async () => {
      await emulator.close();
      await receiver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `later` wakes whoever sleeps until a time that has passed by then. */
function shiftedClock(start: number, factor: number): { readonly clock: Clock; later(ms: number): void } {
  const fast = createFastClock(start, factor);
  const asleep = new Set<AbortController>();
  let ahead = 0;
  const monotonic = (): number => fast.monotonic() + ahead;
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    const due = monotonic() + ms;
    const turned = new AbortController();
    const stop = (): void => turned.abort();
    signal?.addEventListener('abort', stop);
    asleep.add(turned);
    await fast.sleep(ms, turned.signal).catch(() => undefined);
    asleep.delete(turned);
    signal?.removeEventListener('abort', stop);
    signal?.throwIfAborted();
    if (turned.signal.aborted && due > monotonic()) await sleep(due - monotonic(), signal);
  };
  return {
    clock: { now: () => fast.now() + ahead, monotonic, sleep },
    later: (ms) => {
      ahead += ms;
      for (const one of asleep) one.abort();
    },
  };
}

interface Here {
  readonly folder: string;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function runHere(argv: readonly string[], { folder, ...world }: Here): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const terminal = (name: keyof typeof written): Terminal => ({
    write: (text) => {
      written[name] += text;
    },
    isTTY: false,
    columns: 100,
  });
  const all = { ...world, cwd: folder, random: () => 0.5, stdout: terminal('stdout'), stderr: terminal('stderr') };
  const code = await runCli(argv, all, await verbsFor(argv));
  return { code, ...written };
}

/** The one document on stdout; throws where there is anything else. */
export function documentOf({ stdout }: Ended): Record<string, unknown> {
  if (!stdout.endsWith('\n') || stdout.trimEnd().includes('\n')) throw new Error(`not one document: ${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The hunting APIs, and all that the stand-in plays. */
export type Api = Extract<EmulatedApi, 'graph' | 'xdr' | 'mde'>;

/** The configuration of a stage's tenant; `source` and `more` are YAML that is put in. */
export function configText(
  stage: Stage,
  api: EmulatedApi = 'graph',
  { source = '', targets = '', more = '' } = {},
): string {
  const { baseUrl, authority, application } = stage.emulator;
  return `
source: {api: ${api}, baseUrl: "${baseUrl}", limits: {callsPerMinute: 1000}${source}}
auth:
  tenantId: ${application.tenantId}
  clientId: ${application.clientId}
  clientSecret: "\${env:EMULATOR_SECRET}"
  authority: "${authority}"
rules: [rules/]
targets:
  soar: {type: webhook, url: "\${env:HOOK}"}
${targets}
defaultTargets: [soar]
state: {path: state.db}
${more}`;
}

/** A rule over DeviceEvents every quarter of an hour; `more` is YAML that is added. */
export function ruleText(id: string, more = ''): string {
  return `
id: ${id}
name: Rule ${id}
description: A rule of a test.
severity: high
version: 1.0.0
status: enabled
attack: [T1059]
query: DeviceEvents | where ActionType == "${id}" | project Timestamp, DeviceId, DeviceName, ReportId
schedule: {every: 15m}
threshold: "> 0"
${more}`;
}

/** An event that the rule of that id finds; it arrived five minutes before the start of the stage. */
export function eventOf(rule: string, report: number, arrived = T0 - 5 * MINUTE): RawRow {
  return {
    Timestamp: new Date(arrived - MINUTE).toISOString(),
    ActionType: rule,
    DeviceId: 'd1',
    DeviceName: 'pc1',
    ReportId: report,
    _ingested: new Date(arrived).toISOString(),
  };
}
