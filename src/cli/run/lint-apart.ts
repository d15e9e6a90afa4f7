import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindingsSeen, FoundAt } from '../../actions/pages/findings.ts';
import { withJoined } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { documentIn, type Starter, startHuntwire } from './perform-apart.ts';

export interface LintApart {
  /** What is known of a file with this text. What is not is looked for in the background, one file at a time: who looks again finds it. */
  ofFile(file: string, text: string): FindingsSeen;
  /** What the checks say of a query as that of a rule, by its own lines. ACTION_BUSY where others are looked at. */
  ofQuery(kql: string, signal: AbortSignal): Promise<readonly FoundAt[]>;
}

interface Known {
  readonly text: string;
  readonly seen: FindingsSeen;
  /** Monotonic ms. */
  readonly until: number;
}

/** The rules beside it, the configuration and the checks' idea of today may have changed. */
const FRESH_MS = 10 * MINUTE_MS;
const FAILED_FRESH_MS = MINUTE_MS;
const LONGEST_MS = 2 * MINUTE_MS;
const MOST_KNOWN = 200;
const MOST_QUERIES = 2;

/** Checks in a process of their own, as `huntwire lint` tells them. `signal` ends those in the background. */
export function createLintApart(
  config: string,
  { clock, signal }: { readonly clock: Pick<Clock, 'monotonic'>; readonly signal: AbortSignal },
  start: Starter = startHuntwire,
): LintApart {
  const known = new Map<string, Known>();
  let isLooking = false;
  let queries = 0;
  const lint = (file: string, ends: AbortSignal): Promise<readonly FoundAt[]> =>
    withJoined([ends, AbortSignal.timeout(LONGEST_MS)], async (either) => {
      const text = await start(['lint', `--config=${config}`, '--format=json', '--', file], '', either);
      return findingsOf(documentIn(text), file);
    });
  const keep = (file: string, text: string, seen: FindingsSeen): void => {
    const fresh = seen.kind === 'failed' ? FAILED_FRESH_MS : FRESH_MS;
    known.delete(file);
    known.set(file, { text, seen, until: clock.monotonic() + fresh });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  };
  const look = async (file: string, text: string): Promise<void> => {
    try {
      keep(file, text, { kind: 'known', findings: await lint(file, signal) });
    } catch (thrown) {
      keep(file, text, { kind: 'failed', why: toHuntwireError(thrown).message });
    } finally {
      isLooking = false;
    }
  };
  return {
    ofFile: (file, text) => {
      const own = known.get(file);
      if (own && own.text === text && own.until > clock.monotonic()) return own.seen;
      if (!isLooking && !signal.aborted) {
        isLooking = true;
        void look(file, text);
      }
      return { kind: 'coming' };
    },
    ofQuery: async (kql, ends) => {
      if (queries >= MOST_QUERIES)
        throw new HuntwireError('ACTION_BUSY', `${MOST_QUERIES} queries are checked already.`, { retryable: true });
      queries += 1;
      try {
        return await lintQuery(kql, (file) => lint(file, ends));
      } finally {
        queries -= 1;
      }
    },
  };
}

const RULE_AROUND = [
  'id: tried-query',
  'name: A query that somebody tries',
  'severity: low',
  'attack: [TA0002]',
  'schedule: {every: 1h, lookback: 1h}',
  'query: |2-',
];
const INDENT = '  ';

async function lintQuery(
  kql: string,
  lint: (file: string) => Promise<readonly FoundAt[]>,
): Promise<readonly FoundAt[]> {
  const folder = await mkdtemp(join(tmpdir(), 'huntwire-try-'));
  try {
    const file = join(folder, 'query.yaml');
    const lines = kql.split(/\r\n|\r|\n/).map((line) => (line === '' ? '' : `${INDENT}${line}`));
    await writeFile(file, `${[...RULE_AROUND, ...lines].join('\n')}\n`, { mode: 0o600 });
    const found = await lint(file);
    return found
      .filter(({ line }) => line > RULE_AROUND.length)
      .map((one) => ({
        ...one,
        line: one.line - RULE_AROUND.length,
        column: Math.max(1, one.column - INDENT.length),
      }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface LintDocument {
  readonly findings: readonly (FoundAt & { readonly file: string })[];
}

/** Those of one file; a verb may name it from the folder that it works in. */
function findingsOf(document: unknown, path: string): readonly FoundAt[] {
  return (document as LintDocument).findings
    .filter(({ file }) => file === path || path.endsWith(`/${file}`))
    .map(({ check, severity, line, column, message, suggestion }) => {
      return { check, severity, line, column, message, suggestion };
    });
}
