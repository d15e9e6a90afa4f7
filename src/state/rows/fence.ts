import { HuntwireError } from '../../lib/errors.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';

const fenceQuery = compiledOnce(() => db.selectFrom('meta').select('value').where('name', '=', 'fence'));

/** The fence of the runner that took over last; 0 where none ever did. */
export function* storedFence(): RowSteps<number> {
  return Number((yield* all(fenceQuery({})))[0]?.value ?? 0);
}

/** Takes over: from now on commits with an older fence are refused. Inside a transaction. */
export function* takeFence(): RowSteps<number> {
  const fence = (yield* storedFence()) + 1;
  const insert = db.insertInto('meta').values({ name: 'fence', value: String(fence) });
  yield* change(insert.onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(fence) })));
  return fence;
}

/** Keeps a value under a name where none is kept yet; gives what is kept. Inside a transaction. */
export function* keepFirst(name: string, value: string): RowSteps<string> {
  const insert = db.insertInto('meta').values({ name, value });
  yield* change(insert.onConflict((conflict) => conflict.column('name').doNothing()));
  const query = db.selectFrom('meta').select('value').where('name', '=', name);
  return (yield* all(query))[0]?.value ?? value;
}

/** Throws STATE_FENCED where another runner has taken over. Inside a transaction. */
export function* requireFence(place: string, fence: number): RowSteps<void> {
  const stored = yield* storedFence();
  if (stored === fence) return;
  throw new HuntwireError(
    'STATE_FENCED',
    `Another huntwire has taken over ${place} (fence ${stored}, ours is ${fence}); end this process, the other one goes on.`,
  );
}
