/**
 * The syslog target over TCP alone against a bare socket with ready frames of the same size (1 kB), to a receiver in a process of its own.
 * Both count until the receiver has read the last byte. The target keeps at most its own concurrency in flight. Beside it the target with
 * alerts of 2 KB that it renders as CEF: so many a second, of whatever size they are then.
 * Rounds alternate, the best of each side counts. `settledSeconds` is when the last delivery had its result: the wait at the end is on purpose.
 * Other senders of syslog stand beside it where they are installed (`--peers FOLDER`, in which `npm install --ignore-scripts syslog-client
 * winston-syslog winston` was run: one of them wants a native package, so that they are no dependencies of ours); they send lines.
 * node bench/syslog.mjs [--size 0.01..1] [--dist dist] [--peers FOLDER]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alertOf } from './data/alert.mjs';
import { openPeers } from './data/syslog-peers.mjs';

const FRAME_BYTES = 1000;
const BUDGET = { ratio: 0.5, cefPerSecond: 60_000 };

const { values } = parseArgs({
  options: { size: { type: 'string' }, dist: { type: 'string' }, peers: { type: 'string' }, role: { type: 'string' } },
});
const size = Number(values.size ?? '1');
const count = Math.max(100, Math.round(200_000 * size));
/** Each ends with a wait of a second, so a trial run has few. */
const ROUNDS = size < 0.1 ? 2 : 7;
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));

/** Tells after so many bytes, or lines, as the sender says that it expects. */
function receive() {
  let expected = null;
  let read = 0;
  const check = () => {
    if (!expected || read < (expected.bytes ?? expected.lines)) return;
    expected = null;
    process.send('all');
  };
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      read += expected?.lines ? linesIn(chunk) : chunk.length;
      check();
    });
    socket.on('error', () => undefined);
  });
  process.on('message', (wanted) => {
    read = 0;
    expected = wanted;
    process.send('ready');
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

function linesIn(chunk) {
  let lines = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}

const DELIVERY = {
  messageId: '0'.repeat(32),
  alert: { id: '0'.repeat(32), time: '2026-01-01T00:00:00.0000000Z', kind: 'detection', severity: 'high' },
};
/** A payload that is ready, because the sender is measured and not a format. */
const payloadOf = (fill) => ({ body: `{"text":"${'d'.repeat(fill)}"}`, contentType: 'application/json' });

async function bareRound(port, all, frame) {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const { read } = await all();
  const start = performance.now();
  for (let sent = 0; sent < count; sent += 1) if (!socket.write(frame)) await once(socket, 'drain');
  await read;
  const elapsed = performance.now() - start;
  socket.destroy();
  return elapsed;
}

async function targetRound(target, all, delivery = DELIVERY) {
  const { signal } = new AbortController();
  const { read } = await all();
  const start = performance.now();
  const done = read.then(() => performance.now() - start);
  let left = count;
  let failed = 0;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const result = await target.deliver(delivery, signal);
      if (result.kind !== 'delivered') failed += 1;
    }
  };
  await Promise.all(Array.from({ length: target.traits.concurrency }, worker));
  const settled = performance.now() - start;
  if (failed > 0) throw new Error(`${failed} deliveries failed`);
  return { elapsed: await done, settled };
}

async function measure(port, child) {
  const { create } = await import(join(dist, 'targets/syslog.js'));
  const { renderFrame } = await import(join(dist, 'targets/syslog/message.js'));
  const { messageSettings } = await import(join(dist, 'targets/syslog/settings.js'));
  const { systemClock } = await import(join(dist, 'lib/clock.js'));
  const { silentLog } = await import(join(dist, 'lib/log.js'));

  const settings = messageSettings({ type: 'syslog', host: 'x', hostname: 'bench' });
  const render = (fill) => renderFrame(settings, () => payloadOf(fill), DELIVERY);
  const fill = FRAME_BYTES - render(0).length - 1;
  const payload = payloadOf(fill);
  const deps = { name: 'bench', clock: systemClock, log: silentLog, version: '0.0.0', format: () => payload };
  const frame = Buffer.from(render(fill));
  const arrivalOf = (bytes) => async () => {
    child.send({ bytes: bytes * count });
    await once(child, 'message');
    return { read: once(child, 'message') };
  };
  const all = arrivalOf(frame.length);
  const target = create({ type: 'syslog', host: '127.0.0.1', port, hostname: 'bench' }, deps);
  // A fresh connection holds everything back until it has proven itself; a daemon's connection is old.
  await target.deliver(DELIVERY, new AbortController().signal);
  const rounds = { bare: [], target: [], settled: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.bare.push(await bareRound(port, all, frame));
    const { elapsed, settled } = await targetRound(target, all);
    rounds.target.push(elapsed);
    rounds.settled.push(settled);
  }
  await target.close();
  const peers = values.peers ? await peerRounds(port, child, payload.body) : {};
  const cef = await cefRounds(port, { create, renderFrame, settings, deps, arrivalOf });
  return {
    cef,
    peers,
    frameBytes: frame.length,
    bare: Math.min(...rounds.bare),
    target: Math.min(...rounds.target),
    settled: Math.min(...rounds.settled),
  };
}

/** A second of each other sender's best round, in messages of about the same size. */
async function peerRounds(port, child, text) {
  const lines = Math.max(100, Math.round(count / 10));
  const perSecond = {};
  for (const [name, open] of openPeers(resolve(values.peers), port)) {
    const rounds = [];
    for (let round = 0; round < 3; round += 1) rounds.push(await peerRound(open(), child, lines, text));
    perSecond[name] = Math.round(lines / (Math.min(...rounds) / 1000));
  }
  return perSecond;
}

async function peerRound(peer, child, lines, text) {
  child.send({ lines });
  await once(child, 'message');
  const read = once(child, 'message');
  const start = performance.now();
  await peer.send(text);
  const worker = async (share) => {
    for (let sent = 0; sent < share; sent += 1) await peer.send(text);
  };
  const AT_ONCE = 100;
  const shares = Array.from({ length: AT_ONCE }, (_, at) => Math.floor((lines - 1 + at) / AT_ONCE));
  await Promise.all(shares.map(worker));
  await read;
  const elapsed = performance.now() - start;
  peer.close();
  return elapsed;
}

/** The target with alerts that it renders as CEF; ms of its best round. */
async function cefRounds(port, { create, renderFrame, settings, deps, arrivalOf }) {
  const { formatCef } = await import(join(dist, 'formats/cef.js'));
  const id = '0'.repeat(32);
  const delivery = { messageId: id, alert: alertOf(id) };
  const target = create({ type: 'syslog', host: '127.0.0.1', port, hostname: 'bench' }, { ...deps, format: formatCef });
  await target.deliver(delivery, new AbortController().signal);
  const all = arrivalOf(Buffer.byteLength(renderFrame(settings, formatCef, delivery)));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push((await targetRound(target, all, delivery)).elapsed);
  await target.close();
  return Math.min(...rounds);
}

if (values.role === 'receiver') receive();
else {
  const child = fork(fileURLToPath(import.meta.url), ['--role', 'receiver']);
  const port = await new Promise((done) => child.once('message', done));
  const { frameBytes, bare, target, settled, cef, peers } = await measure(port, child);
  child.disconnect();
  const rate = (ms) => Math.round(count / (ms / 1000));
  const perSecond = { target: rate(target), socket: rate(bare), cef: rate(cef) };
  const ratio = Number((bare / target).toFixed(3));
  const met = { ratio: ratio >= BUDGET.ratio, cef: perSecond.cef >= BUDGET.cefPerSecond };
  const settledSeconds = Number((settled / 1000).toFixed(2));
  const result = {
    bench: 'syslog',
    messages: count,
    frameBytes,
    perSecond,
    peers,
    ratio,
    budget: BUDGET,
    met,
    settledSeconds,
  };
  const others = Object.entries(peers).map(([name, perSecond]) => `; ${name} ${perSecond}/s`);
  process.stderr.write(
    `syslog: ${perSecond.target}/s, bare socket ${perSecond.socket}/s, ratio ${ratio} (budget ${BUDGET.ratio}): ${met.ratio ? 'met' : 'not met'}; ${perSecond.cef} rendered CEF messages/s (budget ${BUDGET.cefPerSecond}): ${met.cef ? 'met' : 'not met'}${others.join('')}\n`,
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
