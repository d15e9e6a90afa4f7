import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

let folder = '';
let receiver: HttpReceiver;
let answer = 200;
let arrived: { target: string; id: string; taken: boolean }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-entries-'));
  receiver = await startHttpReceiver(({ path, headers }, response) => {
    const target = path.endsWith('pager') ? 'pager' : 'soar';
    const status = target === 'pager' ? 200 : answer;
    arrived.push({ target, id: String(headers['webhook-id']), taken: status === 200 });
    response.writeHead(status).end();
  });
});
afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  arrived = [];
});

let lives = 0;

/** Tells whether it was killed. */
async function live(state: string, now: number, one: Pick<Case, 'steps' | 'fallback' | 'from'>, kill: string | null) {
  const { steps, fallback = false, from = 0 } = one;
  lives += 1;
  const file = join(folder, `orders-${lives}.json`);
  writeFileSync(file, JSON.stringify({ state, url: receiver.url, now, steps, fallback, from, kill }));
  const child = spawn(process.execPath, [SCRIPT, DIST, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the life ended with ${code}: ${Buffer.concat(errors)}`);
  return signal === 'SIGKILL';
}

const takenBy = (target: string): string[] =>
  arrived.filter((one) => one.target === target && one.taken).map(({ id }) => id);
const firsts = (ids: readonly string[]): string[] => [...new Set(ids)];

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
  const cases = Object.entries(CASES).flatMap(([name, one]) => one.kills.map((kill) => [name, kill, one] as const));

  it.each(cases)('%s (%s) loses nothing, invents no id and keeps the order', async (_, kill, one) => {
    const state = join(folder, `state-${lives}.db`);
    const { steps, fallback = false } = one;
    answer = one.soar;
    expect(await live(state, START, one, kill)).toBe(true);
    const later = START + 20 * 60_000;
    // Where the commit itself was killed nothing is in the state: whoever commits does it again.
    const again = kill === 'inside commitHealth' ? [steps[0] ?? RUN] : [];
    if (fallback) await live(state, later, { steps: [RUN, advance(700)], fallback }, null);
    answer = 200;
    const rest = [...again, REPLAY, RUN, advance(1000), REPLAY, advance(100)];
    await live(state, 2 * later - START, { steps: rest, fallback }, null);
    const told = firsts(takenBy('soar'));
    if (one.single) expect(told).toHaveLength(1);
    else expect(told).toEqual(IDS);
    expect(firsts(takenBy('pager'))).toEqual(one.pager ?? []);
    expect(await leftIn(state)).toBe(0);
  });
});
