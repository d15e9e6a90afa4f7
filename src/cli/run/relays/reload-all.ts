import { toHuntwireError } from '../../../lib/errors.ts';
import type { ReloadRecord } from '../../../state/runner-record.ts';
import { askOthers, type Others, relayedDocument } from './ask-others.ts';

/** What a process said to a reload. */
export interface ReloadAnswer {
  readonly machine: string;
  readonly pid: number;
  /** `unanswered`: nobody knows whether it has read everything again. */
  readonly outcome: ReloadRecord['outcome'] | 'unanswered';
  readonly problems: readonly unknown[];
}

/** Has every other process that shares the work read everything again, each its own files. */
export async function reloadOthers(others: Others, by: string, signal: AbortSignal): Promise<readonly ReloadAnswer[]> {
  const { sharers, self } = await others.book.look();
  const rest = sharers.filter(({ id }) => id !== self);
  const relays = rest.map(({ id }) => ({ to: { machine: id }, action: 'reload', input: {}, by }));
  const outcomes = await askOthers(others, relays, signal);
  return rest.map(({ machine, pid }, at) => {
    try {
      const document = relayedDocument(outcomes[at] ?? { kind: 'lost' }, `number ${pid} on ${machine}`);
      const { outcome, problems } = document as Pick<ReloadAnswer, 'outcome' | 'problems'>;
      return { machine, pid, outcome, problems };
    } catch (thrown) {
      const { code, message } = toHuntwireError(thrown);
      const problem = { file: null, line: null, column: null, code, message };
      return { machine, pid, outcome: 'unanswered', problems: [problem] };
    }
  });
}
