import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { createFastClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createDeliveryLoop } from '../../src/outbox/delivery-loop.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { create } from '../../src/targets/syslog.ts';
import { freePort } from '../lib/free-port.ts';
import { sampleAlert, sampleMessage } from '../state/samples.ts';
import { targetDeps } from '../targets/sample-alert.ts';
import { describeWith, eventually, makeFolder, type Receiver, rsyslogProblem, startReceiver } from './receivers.ts';

/** Alerts of 60 KB, which together are more than the heap of who sends them. */
const FROZEN = 1300;

/** What has been read is written at once: rsyslog's usual queue would be lost with it. */
function configuration(folder: string, port: number): string {
  return `
global(workDirectory="${folder}" maxMessageSize="128k")
main_queue(queue.type="Direct")
module(load="imtcp")
template(name="record" type="string" string="%msg:F,32:1% %msg:::compressspace%\\n")
ruleset(name="all") { action(type="omfile" file="${folder}/out.txt" template="record" asyncWriting="off" flushOnTXEnd="on") }
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="all")
`;
}

describeWith(rsyslogProblem(['imtcp']), 'rsyslog that does not live all the time', () => {
  let rsyslog: Receiver;
  let folder = '';
  let port = 0;
  const begin = async (): Promise<void> => {
    folder = makeFolder();
    port = await freePort();
    writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, port));
    await startAgain();
  };
  const startAgain = async (): Promise<void> => {
    rsyslog = await startReceiver(folder, 'rsyslogd', ['-n', '-f', join(folder, 'rsyslog.conf'), '-iNONE'], port);
  };
  afterEach(() => rsyslog?.stop());
  const lines = (): string[] => rsyslog.read('out.txt').split('\n').slice(0, -1);

  it('gets everything over TCP when it is killed and comes back, and each order key in its order', async () => {
    await begin();
    // The waits of outbox and target pass ten times as fast.
    const clock = createFastClock(Date.now(), 10);
    const store = openMemoryStore({ clock });
    const format = (alert: { readonly id: string }) => ({ body: alert.id, contentType: 'text/plain' });
    const target = create(
      { type: 'syslog', host: '127.0.0.1', port, hostname: 'sensor' },
      targetDeps({ name: 'siem', format, clock }),
    );
    const ids = Array.from({ length: 3000 }, (_, at) => `killed-${at}`);
    const keyOf = (id: string): string => `key-${Number(id.slice(7)) % 3}`;
    for (let from = 0; from < ids.length; from += 500) {
      const alerts = ids.slice(from, from + 500).map((id) => sampleAlert(id));
      const messages = alerts.map((alert) => sampleMessage(alert, 'siem', keyOf(alert.id)));
      await store.commitHealth({ alerts, messages, health: [] });
    }
    const stop = new AbortController();
    const options = { healthTargets: [], tenant: 'contoso', random: Math.random, log: silentLog };
    const running = createDeliveryLoop({ ...options, store, targets: [target], clock }).run(stop.signal);
    for (const part of [200, 1500]) {
      await eventually('some have arrived', () => lines().length >= part);
      await rsyslog.signal('SIGKILL');
      await startAgain();
    }
    await eventually('nothing waits', async () => (await store.pendingTargets()).length === 0);
    stop.abort();
    await running;
    await target.close();
    const arrived = lines().map((line) => line.split(' ')[0] ?? '');
    expect(new Set(arrived)).toEqual(new Set(ids));
    for (const key of ['key-0', 'key-1', 'key-2']) {
      const expected = ids.filter((id) => keyOf(id) === key);
      const places = arrived.filter((id) => keyOf(id) === key).map((id) => expected.indexOf(id));
      for (const [at, place] of places.entries()) expect(place).toBeLessThanOrEqual((places[at - 1] ?? -1) + 1);
    }
    await store.close();
  });

  it('that is frozen makes nothing grow: its alerts wait in the outbox and arrive when it goes on', async () => {
    await begin();
    await rsyslog.signal('SIGSTOP');
    const script = join(import.meta.dirname, 'frozen-syslog.mjs');
    const dist = join(import.meta.dirname, '../../dist');
    const args = ['--max-old-space-size=64', script, dist, folder, String(port), String(FROZEN)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const over = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    await eventually('the receiver is given up', () => said.includes('\n') || child.exitCode !== null);
    await rsyslog.signal('SIGCONT');
    expect(await over).toBe(0);
    const [first, last] = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ reason: 'the receiver stopped reading' });
    expect(last).toMatchObject({ done: true });
    expect(last.most).toBeLessThan(48 * 1024 * 1024);
    const arrived = lines().flatMap((line) => /^(frozen-\d+) frozen-\d+ x{60000}$/.exec(line)?.[1] ?? []);
    expect(new Set(arrived).size).toBe(FROZEN);
  });
});
