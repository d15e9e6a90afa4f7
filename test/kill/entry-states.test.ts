import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/lib/clock.ts';
import type { Way } from '../../src/state/detour-store.ts';
import { openReader } from '../../src/state/sqlite-store.ts';
import { START, sampleAlert, sampleMessage } from '../state/samples.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';

const DIST = resolve(process.env.HUNTWIRE_DIST ?? 'dist');
const SCRIPT = resolve(import.meta.dirname, 'entry-life.mjs');
const IDS = ['a', 'b', 'c'];

type Step = { readonly do: 'commit' | 'replay' | 'run' | 'advance'; readonly [key: string]: unknown };

const RUN: Step = { do: 'run' };
const REPLAY: Step = { do: 'replay' };
const advance = (count: number): Step => ({ do: 'advance', count });

/** Three alerts of one order key. */
function commit(way: Partial<Way> = {}): Step {
  const alerts = IDS.map((id) => sampleAlert(id, { dedupKey: 'one key' }));
  return { do: 'commit', alerts, messages: alerts.map((alert) => ({ ...sampleMessage(alert, 'soar'), ...way })) };
}

interface Case {
  /** What the first life does, and what soar answers meanwhile. */
  readonly steps: readonly Step[];
  readonly soar: number;
  readonly fallback?: boolean;
  /** What pager has to get as well. */
  readonly pager?: readonly string[];
  /** Ids are those of the alerts, and not of digests. */
  readonly single?: boolean;
  /** Second of the life from which on it may be killed. */
  readonly from?: number;
  readonly kills: readonly string[];
}

const ESCALATION = { everyMs: 900_000, targets: ['pager'] };
const CASES: Readonly<Record<string, Case>> = {
  'committed and not picked up': { steps: [commit()], soar: 200, kills: ['inside commitHealth', 'after commitHealth'] },
  'picked up': { steps: [commit(), RUN, advance(5)], soar: 200, kills: ['after pending', 'picked up'] },
  'sent, the answer not read': { steps: [commit(), RUN, advance(5)], soar: 200, kills: ['answer not read'] },
  'answered and not settled': {
    steps: [commit(), RUN, advance(5)],
    soar: 200,
    kills: ['before delivered', 'inside delivered', 'after delivered'],
  },
  'waiting for a retry': {
    steps: [commit(), RUN, advance(30)],
    soar: 503,
    kills: ['before retryLater', 'inside retryLater', 'after retryLater', 'after setDownSince'],
  },
  blocked: {
    steps: [commit(), RUN, advance(30)],
    soar: 401,
    kills: ['before setTargetState', 'inside setTargetState', 'after setTargetState', 'after ageWaiting'],
  },
  dead: { steps: [commit(), RUN, advance(5)], soar: 422, kills: ['before bury', 'inside bury', 'after bury'] },
  replayed: {
    steps: [commit(), RUN, advance(5), REPLAY, advance(5)],
    soar: 422,
    kills: ['before replay', 'inside replay', 'after replay'],
  },
  'given to the fallback': {
    steps: [commit(), RUN, advance(700)],
    soar: 503,
    fallback: true,
    pager: IDS,
    kills: ['before divert', 'inside divert', 'after divert'],
  },
  escalated: {
    steps: [commit({ escalation: ESCALATION }), RUN, advance(1000)],
    soar: 200,
    pager: IDS,
    from: 890,
    kills: ['before escalate', 'inside escalate', 'after escalate', 'after nextDetour'],
  },
  'in a digest': {
    steps: [commit({ digestMs: 600_000 }), RUN, advance(700)],
    soar: 200,
    single: true,
    from: 590,
    kills: ['before dueDigests', 'inside dueDigests', 'before tellDigest', 'inside tellDigest', 'after tellDigest'],
  },
};

interface Life extends Pick<Case, 'steps' | 'soar'> {
  readonly now: number;
  readonly fallback: boolean;
  readonly from: number;
  readonly kill: string | null;
}

/** What came of the lives of one state: whether one of them stopped, and whether anything was written to its files after that. */
interface Outcome {
  readonly stopped: boolean;
  readonly touched: boolean;
}

const KILLS = Object.entries(CASES).flatMap(([name, one]) =>
  one.kills.map((kill, at) => ({ name, kill, one, id: `${name}-${at}`.replaceAll(' ', '-') })),
);
const LATER_MS = 20 * 60_000;

function firstLife({ kill, one }: (typeof KILLS)[number]): readonly Life[] {
  const { steps, soar, fallback = false, from = 0 } = one;
  return [{ steps, soar, fallback, from, now: START, kill }];
}

function livesAfter({ kill, one }: (typeof KILLS)[number]): readonly Life[] {
  const { steps, soar, fallback = false } = one;
  const quiet = { fallback, from: 0, kill: null };
  const down: Life = { ...quiet, steps: [RUN, advance(700)], soar, now: START + LATER_MS };
  // Where the commit itself was killed nothing is in the state: whoever commits does it again.
  const again = kill === 'inside commitHealth' ? [steps[0] ?? RUN] : [];
  const last = [...again, REPLAY, RUN, advance(100), REPLAY, advance(100)];
  return [...(fallback ? [down] : []), { ...quiet, steps: last, soar: 200, now: START + 2 * LATER_MS }];
}

let folder = '';
let receiver: HttpReceiver;
const arrived: { readonly id: string; readonly target: string; readonly message: string; readonly taken: boolean }[] =
  [];
const outcomes = new Map<string, Outcome>();
let signals: (string | null)[] = [];

/** One process in which every state is killed, and one that goes on with all of them. */
beforeAll(async () => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'huntwire-entries-'));
  receiver = await startHttpReceiver(({ path, headers }, response) => {
    const [id = '', status = '', target = ''] = path.split('/').slice(-3);
    arrived.push({ id, target, message: String(headers['webhook-id']), taken: status === '200' });
    response.writeHead(Number(status)).end();
  });
  const killed = await liveIn('killed', firstLife);
  for (const [at, { id }] of KILLS.entries()) outcomes.set(id, killed.outcomes[at] as Outcome);
  const after = await liveIn('after', livesAfter);
  signals = [killed.signal, after.signal];
});
afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const stateOf = (id: string): string => join(folder, `${id}.db`);

async function liveIn(name: string, livesOf: (one: (typeof KILLS)[number]) => readonly Life[]) {
  const states = KILLS.map((one) => livesOf(one).map((life) => ({ ...life, id: one.id, state: stateOf(one.id) })));
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ url: receiver.url, states }));
  const child = spawn(process.execPath, [SCRIPT, DIST, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the lives ended with ${code}: ${said.err}`);
  return { signal, outcomes: JSON.parse(said.out) as Outcome[] };
}

/** What a target took of one state, each message once, in the order of the first arrivals. */
function takenBy(target: string, id: string): string[] {
  const taken = arrived.filter((one) => one.id === id && one.target === target && one.taken);
  return [...new Set(taken.map(({ message }) => message))];
}

async function leftIn(state: string) {
  const reader = openReader({ path: state, clock: systemClock });
  try {
    const counts = await reader.targetCounts();
    return counts.reduce((sum, { pending, dead }) => sum + pending + dead, 0);
  } finally {
    await reader.close();
  }
}

describe('a process that is killed while an entry is', () => {
  it.each(KILLS)('$name ($kill) loses nothing, invents no id and keeps the order', async ({ id, one }) => {
    expect([signals, outcomes.get(id)]).toEqual([['SIGKILL', null], { stopped: true, touched: false }]);
    const told = takenBy('soar', id);
    if (one.single) expect(told).toHaveLength(1);
    else expect(told).toEqual(IDS);
    expect(takenBy('pager', id)).toEqual(one.pager ?? []);
    expect(await leftIn(stateOf(id))).toBe(0);
  });
});
