/**
 * A day of 200 rules of all severities beside the emulator with the quotas of the services armed (45 calls a minute, 1,500 an hour), on a
 * clock that jumps: none of our calls may be answered with 429, with somebody else in the tenant none that we alone would have had.
 * Yardstick: the calls that the limits allow. Each day also tells what a call costs our processor, commit included.
 * node bench/quota.mjs [--size 0.01..1]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { register } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { size: { type: 'string', default: '1' }, dist: { type: 'string' } } });
const size = Number(values.size);
register('../scripts/typescript-hooks.mjs', import.meta.url);
const { quotaDay } = await import('../test/run/quota/quota-day.ts');
const { dayRules } = await import('../test/run/quota/day-rules.ts');

const hours = Math.max(1, Math.round(24 * size));
const quota = { callsPerMinute: 45, callsPerHour: 1500, runSecondsPerHour: 1e6, runSecondsPerDay: 1e6 };
const limits = {
  callsPerMinute: 40,
  callsPerHour: 1400,
  runSecondsPerHour: null,
  runSecondsPerDay: null,
  concurrency: 3,
};
/** 1,100 calls an hour, of the 1,120 that rules of all severities may fill. */
const rules = dayRules(200, (index) => [10, 10, 10, 15][index % 4]);
/** From the second hour on, in every other half hour: as much as the tenant may do. */
const busy = (minute) => (minute >= 60 && minute % 60 < 30 ? 30 : 0);

async function play(name, more) {
  const before = process.cpuUsage();
  const day = await quotaDay({ rules, limits, quota, hours, ...more });
  const { user, system } = process.cpuUsage(before);
  const usPerCall = Math.round((user + system) / day.calls);
  const ratio = Math.round((day.calls / (hours * limits.callsPerHour)) * 100) / 100;
  console.error(
    `quota ${name}: ${day.calls} calls in ${hours} h, ${ratio} of what the limits allow; ${day.refused} times 429, ${day.ours} of them ours; ${usPerCall} µs a call`,
  );
  return {
    calls: day.calls,
    runs: day.runs,
    refused: day.refused,
    ours: day.ours,
    lagging: day.told.length,
    ratio,
    usPerCall,
  };
}

const alone = await play('alone', {});
const beside = await play('beside others', { others: busy });
console.log(JSON.stringify({ bench: 'quota', size, hours, rules: rules.length, alone, beside }));
if (alone.refused > 0 || alone.lagging > 0 || beside.ours > 0) process.exitCode = 1;
