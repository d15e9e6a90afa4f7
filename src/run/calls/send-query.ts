import { type HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { QueryEnd, QueryRequest, RowSink, Source } from '../../sources/source.ts';

/** One call to the source that is over. */
export interface EndedCall {
  /** The meter's number of it. */
  readonly call: number;
  readonly runMs: number;
  readonly end: QueryEnd | null;
  readonly error: HuntwireError | null;
}

export interface Sending {
  readonly source: Pick<Source, 'query'>;
  /** Waits for room in the quota and gives the meter's number of the call; throws SOURCE_QUOTA where nobody waits that long. */
  admit(): Promise<number>;
  /** Told of every call, failed or not. */
  called(call: EndedCall): Promise<void>;
  readonly monotonic: () => number;
}

/**
 * Asks once, and once more over a new connection where the first broke before any byte of an answer: an idle connection that the other
 * side had closed says nothing of the service. Both are admitted and counted.
 */
export async function sendQuery(sending: Sending, request: QueryRequest, sink: RowSink): Promise<QueryEnd> {
  try {
    return await sendCall(sending, request, sink);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (!error.unanswered || request.signal.aborted) throw error;
    return sendCall(sending, { ...request, fresh: true }, sink);
  }
}

/** Asks once. */
export async function sendCall(sending: Sending, request: QueryRequest, sink: RowSink): Promise<QueryEnd> {
  const { source, monotonic } = sending;
  const call = await sending.admit();
  const begun = monotonic();
  let end: QueryEnd;
  try {
    end = await source.query(request, sink);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    await sending.called({ call, runMs: monotonic() - begun, end: null, error });
    throw error;
  }
  await sending.called({ call, runMs: monotonic() - begun, end, error: null });
  return end;
}
