import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCLI } from 'jest';

/** How Jest itself loads files of tests, where `npm test` has Node do it: a mutant must be loaded though the same process had others. */
const REALMS = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  runtime: createRequire(createRequire(import.meta.url).resolve('jest-runner')).resolve('jest-runtime'),
  testEnvironment: join(import.meta.dirname, 'environment.mjs'),
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
};

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
  const { results } = await runCLI(
    {
      _: [join(copy, test)],
      $0: 'jest',
      runTestsByPath: true,
      runInBand: true,
      silent: true,
      watchman: false,
      cacheDirectory: join(cacheFolder, 'jest'),
      config: JSON.stringify({ ...REALMS, rootDir: copy }),
      reporters: [join(import.meta.dirname, 'reporter.mjs')],
      testTimeout,
    },
    [copy],
  );
  return results.success ? null : (results.testResults[0]?.failureMessage ?? 'no answer').slice(0, 1500);
}
