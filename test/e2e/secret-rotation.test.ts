import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTarget } from '../../src/app/open-parts.ts';
import { REGISTRIES } from '../../src/cli/read-config.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createSecretsOf } from '../../src/config/secrets-of.ts';
import { createManualClock, type ManualClock, systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/observe/log.ts';
import { createDeliveryLoop, type DrainCounts } from '../../src/outbox/delivery-loop.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import type { Target } from '../../src/targets/target.ts';
import { commitAlerts } from '../state/samples.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';

/** A receiver that takes requests with the keys that it knows, and a target whose key stands in a file. */
interface Rotation {
  readonly known: Set<string>;
  /** Ids that were taken, in order. */
  readonly taken: string[];
  readonly lines: string[];
  readonly store: Store;
  readonly receiver: HttpReceiver;
  tell(ids: readonly string[]): Promise<readonly DrainCounts[]>;
}

let folder: string;
let key: string;
let clock: ManualClock;
let target: Target;
let receiver: HttpReceiver;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-rotation-'));
  key = join(folder, 'key');
  clock = createManualClock(Date.now() + 3_600_000);
});
afterEach(async () => {
  await target.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

function readConfigured(url: string): Config {
  const file = join(folder, 'huntwire.yaml');
  writeFileSync(
    file,
    `source: {api: local, path: .}
targets: {soar: {type: webhook, url: "${url}", headers: {X-Key: "Token \${file:key}"}, concurrency: 8}}
defaultTargets: [soar]
`,
  );
  const modifiedAt = (path: string): number => statSync(path).mtimeMs;
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  return loadConfig(file, { registries: REGISTRIES, env: {}, readFile, secretFiles: { clock, modifiedAt } });
}

async function startRotation(): Promise<Rotation> {
  writeFileSync(key, 'first-key\n');
  const known = new Set(['first-key']);
  const taken: string[] = [];
  receiver = await startHttpReceiver(({ headers }, response) => {
    const given = String(headers['x-key']).replace('Token ', '');
    if (!known.has(given)) return response.writeHead(401).end(`${given} is unknown`);
    taken.push(String(headers['webhook-id']));
    return response.writeHead(204).end();
  });
  const config = readConfigured(receiver.url);
  const lines: string[] = [];
  const secrets = createSecretsOf(config, {});
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line), now: Date.now, secrets });
  const settings = config.targets.get('soar');
  if (!settings) throw new Error('no target');
  const host = { log, version: '0.0.0' } as Parameters<typeof openTarget>[2];
  target = openTarget('soar', settings, host);
  const store = openMemoryStore({ clock: systemClock });
  const rest = { random: Math.random, healthTargets: [], tenant: 'contoso' };
  const loop = createDeliveryLoop({ store, clock: systemClock, targets: [target], log, ...rest });
  const tell = async (ids: readonly string[]): Promise<readonly DrainCounts[]> => {
    await commitAlerts(store, ids, ['soar']);
    const signal = new AbortController().signal;
    return loop.drain({ deadline: systemClock.monotonic(), ignoreBackoff: true, signal });
  };
  return { known, taken, lines, store, receiver, tell };
}

const batch = (name: string): string[] => Array.from({ length: 20 }, (_, at) => `${name}-${at}`);

async function expectAllTaken({ taken, store, lines }: Rotation, names: readonly string[]): Promise<void> {
  expect([...taken].sort()).toEqual(names.flatMap(batch).sort());
  expect(await store.deadLetters({ target: null, ids: null })).toEqual([]);
  expect(lines.join('')).not.toMatch(/first-key|second-key/);
}

describe('a key in a file is rotated without a lost alert', () => {
  it('where the receiver knows both keys for a while', async () => {
    const rotation = await startRotation();
    await rotation.tell(batch('a'));
    rotation.known.add('second-key');
    await rotation.tell(batch('b'));
    writeFileSync(`${key}.new`, 'second-key\n');
    renameSync(`${key}.new`, key);
    await clock.advance(1000);
    await rotation.tell(batch('c'));
    rotation.known.delete('first-key');
    await rotation.tell(batch('d'));
    await expectAllTaken(rotation, ['a', 'b', 'c', 'd']);
    expect(rotation.receiver.received).toHaveLength(80);
  });

  it('where the receiver has changed before the file: what it refused waits and is taken then', async () => {
    const rotation = await startRotation();
    await rotation.tell(batch('a'));
    rotation.known.clear();
    rotation.known.add('second-key');
    const [refused] = await rotation.tell(batch('b'));
    expect(refused).toMatchObject({ target: 'soar', delivered: 0, pending: 20, dead: 0 });
    writeFileSync(key, 'second-key');
    await clock.advance(1000);
    await rotation.tell(batch('c'));
    await expectAllTaken(rotation, ['a', 'b', 'c']);
    expect((await rotation.store.targetState('soar')).blockedSince).toBeNull();
  });

  it('where the file is gone or empty on the way: the key before serves, and that is told once', async () => {
    const rotation = await startRotation();
    unlinkSync(key);
    await clock.advance(1000);
    await rotation.tell(batch('a'));
    writeFileSync(key, '');
    await clock.advance(1000);
    await rotation.tell(batch('b'));
    rotation.known.add('second-key').delete('first-key');
    writeFileSync(key, 'second-key');
    await clock.advance(1000);
    await rotation.tell(batch('c'));
    await expectAllTaken(rotation, ['a', 'b', 'c']);
    const warned = rotation.lines.filter((line) => line.includes('its last text is used'));
    expect(warned.map((line) => JSON.parse(line).reason)).toEqual([
      `The file ${key} cannot be read (ENOENT).`,
      `The file ${key} is empty.`,
    ]);
  });

  it('where what the file holds now can be no header: the key before serves, and that is told once', async () => {
    const rotation = await startRotation();
    writeFileSync(key, 'two\nlines');
    await clock.advance(1000);
    await rotation.tell(batch('a'));
    await clock.advance(1000);
    await rotation.tell(batch('b'));
    await expectAllTaken(rotation, ['a', 'b']);
    const warned = rotation.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn');
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatchObject({
      where: 'targets.soar',
      reason: expect.stringContaining('characters that no header may carry'),
    });
  });
});
