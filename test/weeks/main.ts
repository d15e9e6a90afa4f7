import { readFileSync } from 'node:fs';
import { packed } from './generate/extras.ts';
import { scenarioOf } from './generate/scenario-of.ts';
import type { Finding } from './oracle/finding.ts';
import { judge } from './oracle/oracle.ts';
import { STATES, type StateName } from './oracle/states.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { playWeek, type Week } from './world/play.ts';

export interface Outcome {
  readonly week: Week | null;
  readonly findings: readonly Finding[];
  /** States of interest that it came through. */
  readonly states: ReadonlySet<StateName>;
}

/** One week, judged. What the simulator itself throws is a finding, too. */
export async function tryWeek(scenario: Scenario, tamper: Parameters<typeof playWeek>[1] = null): Promise<Outcome> {
  try {
    const week = await playWeek(scenario, tamper);
    return { week, ...judge(week) };
  } catch (thrown) {
    const message = thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown);
    return { week: null, states: new Set(), findings: [{ kind: 'process', subject: 'simulator', message }] };
  }
}

/** The same week twice: its log must be the same byte for byte. */
export async function tryTwice(scenario: Scenario): Promise<Outcome> {
  const first = await tryWeek(scenario);
  if (first.findings.length > 0 || !first.week) return first;
  const second = await tryWeek(scenario);
  if (second.week?.log() === first.week.log()) return first;
  return {
    ...first,
    findings: [{ kind: 'log', subject: 'week', message: firstDifference(first.week.log(), second.week?.log() ?? '') }],
  };
}

function firstDifference(one: string, other: string): string {
  const [lines, others] = [one.split('\n'), other.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `line ${at + 1} differs:\n${lines[at]}\n${others[at]}`;
}

/** The shortest scenario that still shows the first finding's kind. */
export async function shortest(scenario: Scenario, finding: Finding, tries = 150): Promise<Scenario> {
  const shows = async (candidate: Scenario): Promise<boolean> => {
    const { findings } = finding.kind === 'log' ? await tryTwice(candidate) : await tryWeek(candidate);
    return findings.some((one) => one.kind === finding.kind && isAlike(one, finding));
  };
  return shrink(scenario, shows, tries);
}

/** A process or simulator that breaks is another finding each time it breaks elsewhere. */
function isAlike(one: Finding, other: Finding): boolean {
  if (one.kind === 'process' ? false : one.subject !== other.subject) return false;
  return one.kind !== 'process' || one.message.slice(0, 40) === other.message.slice(0, 40);
}

export function readScenario(file: string): Scenario {
  return JSON.parse(readFileSync(file, 'utf8')) as Scenario;
}

export { packed, STATES, scenarioOf };
