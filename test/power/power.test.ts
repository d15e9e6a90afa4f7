import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { describeWith } from '../e2e/receivers.ts';
import { makeRule } from '../run/make-rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../run/story.ts';
import { tries } from '../tries.ts';
import { complaintsAbout, goOn } from './after.ts';
import { createDisk, type Loss } from './disk.ts';
import { marksOf, type PlacedMark } from './marks.ts';
import { type RecordPlan, recordingProblem, recordLives } from './record.ts';
import { type DiskCall, readTrace } from './trace.ts';

/** Power failures that are looked at; `npm run power` looks at more. */
const FAILURES = Number(process.env.HUNTWIRE_POWER_FAILURES ?? tries(20, 100));
const SEED = Number(process.env.HUNTWIRE_POWER_SEED ?? 1);
/** Every so many of them the program lives on until all is told. */
const GO_ON_EVERY = 3;
const QUARTER = 15 * MINUTE;
const END = T0 + 5 * HOUR;

const PLAN: RecordPlan = {
  rules: [
    makeRule(
      { id: 'stream', schedule: { kind: 'every', everyMs: QUARTER, lookbackMs: null }, lookbackMs: QUARTER },
      { identity: EVENT },
    ),
  ],
  rows: Array.from({ length: 12 }, (_, id) => plantedRow(id)),
  stepMs: 20 * MINUTE,
  lives: [
    { now: T0, steps: ['run', 'drain', 'note', 'run', 'drain', 'close'] },
    { now: T0 + HOUR, steps: ['run', 'drain', 'checkpoint', 'run', 'drain', 'replay', 'run', 'drain', 'note', 'die'] },
    { now: T0 + 2 * HOUR, steps: ['run', 'drain', 'note', 'checkpoint', 'run', 'drain', 'close'] },
  ],
};

function plantedRow(id: number): PlantedRow {
  const ingested = T0 + id * QUARTER - 5 * MINUTE;
  const device = `pc${id}`;
  const Timestamp = new Date(ingested - MINUTE).toISOString();
  return { ingested, row: { Timestamp, DeviceId: device, DeviceName: device, ReportId: id } };
}

/** Numbers from [0, 1) that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KEPT: Loss = { keepsName: () => true, keepsChange: () => true, keepsSector: () => true };

/** Of what was not synced, what is lost. */
const LOSSES: Readonly<Record<LossKind, (random: () => number) => Loss>> = {
  all: () => ({ keepsName: () => false, keepsChange: () => false, keepsSector: () => false }),
  nothing: () => KEPT,
  names: () => ({ ...KEPT, keepsName: () => false }),
  contents: () => ({ ...KEPT, keepsChange: () => false }),
  'the first change': () => ({ ...KEPT, keepsChange: (index) => index > 0 }),
  'all but the last change': () => ({ ...KEPT, keepsChange: (index, count) => index === count - 1 }),
  'any changes': (random) => ({ ...KEPT, keepsName: () => random() < 0.5, keepsChange: () => random() < 0.5 }),
  'any sectors': (random) => ({
    keepsName: () => random() < 0.8,
    keepsChange: () => random() < 0.8,
    keepsSector: () => random() < 0.7,
  }),
};
const KINDS = Object.keys(LOSSES) as LossKind[];
type LossKind =
  | 'all'
  | 'nothing'
  | 'names'
  | 'contents'
  | 'the first change'
  | 'all but the last change'
  | 'any changes'
  | 'any sectors';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'huntwire-power-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Recorded {
  readonly calls: readonly DiskCall[];
  readonly root: string;
}

/** Calls of the disk after which power fails, each with what is lost: all places once in the order of chance, then again. */
function failuresOf(calls: readonly DiskCall[], random: () => number): ReadonlyMap<number, readonly LossKind[]> {
  const places = calls.map((_, at) => at).filter((at) => !calls[at]?.path.endsWith('/marks'));
  const chosen = new Map<number, LossKind[]>();
  for (let count = 0; count < FAILURES; count += 1) {
    const at = places[Math.floor(random() * places.length)] ?? 0;
    chosen.set(at, [...(chosen.get(at) ?? []), KINDS[Math.floor(random() * KINDS.length)] ?? 'all']);
  }
  return chosen;
}

function hashOf(at: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files) {
    hash.update(`${file}\n`);
    if (statSync(join(at, file)).isFile()) hash.update(readFileSync(join(at, file)));
  }
  return hash.digest('hex');
}

describeWith(recordingProblem(), 'a power failure', () => {
  it('at any moment, whatever of the unsynced it takes, leaves a state that opens, has all that was committed, and tells nothing under two ids', async () => {
    const { calls, root } = record();
    const marks = marksOf(calls, join(root, 'marks'));
    expect(marks.length).toBeGreaterThan(30);
    const random = numbers(SEED);
    const failures = failuresOf(calls, random);
    const disk = createDisk(root);
    const seen = new Set<string>();
    let count = 0;
    for (const [at, call] of calls.entries()) {
      disk.apply(call, at);
      for (const kind of failures.get(at) ?? []) {
        const left = join(folder, `left-${count}`);
        mkdirSync(left);
        disk.fail(LOSSES[kind](random), left);
        const hash = hashOf(left);
        if (!seen.has(hash)) {
          seen.add(hash);
          const about = `behind call ${at} (${call.kind} ${call.path.slice(root.length)}), losing ${kind}, seed ${SEED}`;
          expect({ about, complaints: await look(left, at, marks, count) }).toEqual({ about, complaints: [] });
        }
        rmSync(left, { recursive: true });
        count += 1;
      }
    }
    expect(seen.size).toBeGreaterThan(FAILURES / 4);
  });
});

/** When the life began that a call belongs to. */
function startOfLife(at: number, marks: readonly PlacedMark[]): number {
  const opened = marks.filter((one) => one.mark.did === 'open' && one.at <= at).length;
  return PLAN.lives[Math.max(0, opened - 1)]?.now ?? T0;
}

async function look(left: string, at: number, marks: readonly PlacedMark[], count: number): Promise<string[]> {
  try {
    const complaints = await complaintsAbout(left, at, marks, END);
    if (count % GO_ON_EVERY !== 0) return complaints;
    return [...complaints, ...(await goOn(left, PLAN, startOfLife(at, marks), END))];
  } catch (thrown) {
    return [`it does not open: ${thrown instanceof Error ? thrown.stack : thrown}`];
  }
}

function record(): Recorded {
  const trace = recordLives(folder, PLAN);
  const root = join(folder, 'disk');
  return { calls: readTrace(trace, root), root };
}
