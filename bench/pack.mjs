/**
 * How many rules a minute 40 calls carry: stream rules that are all due each minute, far more than the quota has calls for, beside the
 * emulator with its quotas armed, on a clock that jumps; packed by 4, 8 and 16 rules a call against each alone. Every rule is asked alone
 * once in the beginning, which is left out. Yardstick: each alone.
 * node bench/pack.mjs [--size 0.01..1]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { register } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { size: { type: 'string', default: '1' }, dist: { type: 'string' } } });
const size = Number(values.size);
register('../scripts/typescript-hooks.mjs', import.meta.url);
const { quotaDay } = await import('../test/run/quota/quota-day.ts');
const { dayRules } = await import('../test/run/quota/day-rules.ts');

const count = Math.max(120, Math.round(640 * size));
const warmUpMinutes = Math.ceil(count / 20);
const minutes = Math.max(3, Math.round(10 * size));
const quota = { callsPerMinute: 45, callsPerHour: 1e6, runSecondsPerHour: 1e6, runSecondsPerDay: 1e6 };
const limits = {
  callsPerMinute: 40,
  callsPerHour: null,
  runSecondsPerHour: null,
  runSecondsPerDay: null,
  concurrency: 3,
};
const rules = dayRules(count, () => 1);

async function play(packRules) {
  const before = process.cpuUsage();
  const day = await quotaDay({
    rules,
    limits,
    quota,
    hours: (warmUpMinutes + minutes) / 60,
    packRules,
    from: warmUpMinutes,
  });
  const { user, system } = process.cpuUsage(before);
  const perMinute = Math.round(day.counted.runs / minutes);
  const usPerRun = Math.round((user + system) / day.runs);
  return {
    packRules,
    perMinute,
    callsPerMinute: Math.round(day.counted.calls / minutes),
    refused: day.refused,
    usPerRun,
  };
}

const results = [];
for (const packRules of [1, 4, 8, 16]) results.push(await play(packRules));
const [alone] = results;
for (const one of results) one.ratio = Math.round((one.perMinute / alone.perMinute) * 10) / 10;
const told = results.map(
  ({ packRules, perMinute, ratio }) => `${packRules} a call: ${perMinute} rules a minute (${ratio} ×)`,
);
console.error(`pack: ${told.join(', ')}`);
console.log(JSON.stringify({ bench: 'pack', size, rules: count, minutes, results }));
if (results.some(({ refused }) => refused > 0)) process.exitCode = 1;
