import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * Files that took longest in a whole run (HUNTWIRE_TEST_TIMES), in that order. One that begins late leaves the other workers without work; a fresh
 * checkout knows no durations.
 */
const LONG = [
  'test/adding/adding.test.ts',
  'test/engine/conformance.test.ts',
  'test/e2e/run.test.ts',
  'test/targets/faults/faults-2.test.ts',
  'test/e2e/postgres-runners.test.ts',
  'test/e2e/api-faults.test.ts',
  'test/weeks/weeks.test.ts',
  'test/e2e/rule-repository.test.ts',
  'test/targets/faults/faults-1.test.ts',
  'test/http/console/browser.test.ts',
  'test/kql/parser-image.test.ts',
  'test/kill/kill.test.ts',
  'test/power/power.test.ts',
  'test/kql/parser/quick-parts.test.ts',
  'test/e2e/receivers-killed.test.ts',
  'test/cli/demo.test.ts',
  'test/run/semantics-examples-times.test.ts',
  'test/fuzz/frozen.test.ts',
  'test/targets/faults/faults-3.test.ts',
  'test/engine/operators/limits.test.ts',
  'test/kql/analyst.test.ts',
  'test/index.test.ts',
  'test/run/semantics-examples-clocks.test.ts',
  'test/run/semantics-examples-filters.test.ts',
  'test/run/semantics.test.ts',
  'test/cli/report/page.test.ts',
  'test/run/desk/overload.test.ts',
  'test/kill/entry-states.test.ts',
];

const root = join(import.meta.dirname, '..');
const gone = LONG.filter((path) => !existsSync(join(root, path)));
if (gone.length > 0) throw new Error(`test/sequencer.mjs names files that are gone: ${gone.join(', ')}`);

export default class LongFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    const rankOf = ({ path }) => {
      const rank = LONG.indexOf(relative(root, path).replaceAll('\\', '/'));
      return rank === -1 ? LONG.length : rank;
    };
    return [...sorted].sort((one, other) => rankOf(one) - rankOf(other));
  }
}
