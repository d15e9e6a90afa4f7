import { join } from 'node:path';
import { runCLI } from 'jest';

/**
 * Runs test files in this process, one after another up to the first that fails: `{copy, cacheFolder, tests, testTimeout}` in, `{begins}`
 * before each file, `{passed, failed, why, reached, cpuMs}` at the end. `failed` names the file that failed, `reached` the functions that the last file entered.
 * A process for all saves a start of Jest a mutant.
 */
process.on('message', async ({ tests, ...request }) => {
  const before = process.cpuUsage();
  let [failed, why] = [null, null];
  for (const test of tests) {
    process.send({ begins: test });
    const result = await runFile(test, request);
    if (result === null) continue;
    [failed, why] = [test, result];
    break;
  }
  const { user, system } = process.cpuUsage(before);
  const reached = [...globalThis.mutationReached];
  process.send({ passed: failed === null, failed, why, reached, cpuMs: Math.round((user + system) / 1000) });
});
process.on('disconnect', () => process.exit());
process.send('ready');

/** Why the file failed; null when it passed. */
async function runFile(test, { copy, cacheFolder, testTimeout }) {
  const here = (name) => join(import.meta.dirname, name);
  const { results } = await runCLI(
    {
      _: [join(copy, test)],
      $0: 'jest',
      runTestsByPath: true,
      runInBand: true,
      silent: true,
      watchman: false,
      cacheDirectory: join(cacheFolder, 'jest'),
      testEnvironment: here('environment.mjs'),
      reporters: [here('reporter.mjs')],
      testTimeout,
    },
    [copy],
  );
  return results.success ? null : (results.testResults[0]?.failureMessage ?? 'no answer').slice(0, 1500);
}
