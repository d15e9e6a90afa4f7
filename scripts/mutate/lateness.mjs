import { readFileSync } from 'node:fs';

const LOOK_MS = 200;
const TICK_MS = 10;

/** Of each look; who wakes now and then to see whether something has come uses less. */
const BUSY_SHARE = 0.05;

/**
 * Calls `late` once the process is, and never after `stop`: 'busy' where it used more than `cpuMs` of processor time, 'idle' where it
 * did next to nothing for `idleMs` and was asleep at every look. Both are the same on a busy machine. Where the system does not tell
 * them, `wallMs` alone counts.
 */
export function watchLateness(pid, { cpuMs, idleMs, wallMs }, late) {
  const began = performance.now();
  const first = usageOf(pid);
  let idle = { since: began, cpuMs: first?.cpuMs };
  const timer = setInterval(() => {
    const [now, usage] = [performance.now(), usageOf(pid)];
    if (usage && isAwake(usage, idle, now)) idle = { since: now, cpuMs: usage.cpuMs };
    if (usage && usage.cpuMs - first.cpuMs > cpuMs) late('busy');
    else if ((usage && now - idle.since > idleMs) || now - began > wallMs) late('idle');
  }, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}

function isAwake(usage, idle, now) {
  return !usage.sleeps || usage.cpuMs - idle.cpuMs > LOOK_MS + BUSY_SHARE * (now - idle.since);
}

/** Processor time of all threads and whether the process sleeps, as Linux tells it; null elsewhere. */
function usageOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { sleeps: fields[0] === 'S', cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return null;
  }
}
