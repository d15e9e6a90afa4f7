import { type PackQuery, packQuery } from '../../kql/pack/pack-query.ts';
import type { Column } from '../../kql/types.ts';
import { type ErrorCode, HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { QueryEnd, QueryRequest, Row, RowSink, Source } from '../../sources/source.ts';
import { type Sending, sendCall, sendQuery } from '../calls/send-query.ts';
import { culpritOf } from './culprit.ts';
import type { PackMemory } from './pack-memory.ts';
import { createUnpacking } from './unpack-rows.ts';

/** A rule whose turn goes with others. */
export interface PackMember {
  readonly ruleId: string;
  /** Its result columns, as the service has told them. */
  readonly columns: readonly Column[];
}

export interface PackInput {
  readonly members: readonly PackMember[];
  readonly source: Source;
  /** How calls of the pack are admitted and noted. */
  readonly sending: Sending;
  readonly memory: PackMemory;
}

/**
 * Several turns that are asked in one call. Each turn is given a source of its own, whose first query waits until all of them have asked
 * or left; then one call goes for all, and each is answered as if it had asked alone. Where that call is refused, too slow or too large,
 * halves are asked, down to single rules as they are asked without a pack, and what did not go together is remembered.
 */
export interface Pack {
  sourceOf(member: PackMember): Source;
  /** The member's turn is over: whoever has not asked by then will not. */
  leave(member: PackMember): void;
}

interface Question {
  readonly member: PackMember;
  readonly request: QueryRequest;
  readonly sink: RowSink;
  readonly answer: (end: QueryEnd) => void;
  readonly refuse: (error: unknown) => void;
}

interface OpenPack {
  readonly input: PackInput;
  readonly expected: Set<PackMember>;
  readonly questions: Question[];
}

export function openPack(input: PackInput): Pack {
  const packing: OpenPack = { input, expected: new Set(input.members), questions: [] };
  return {
    sourceOf: (member) => ({
      ...input.source,
      query: (request, sink) =>
        packing.expected.has(member) ? join(packing, member, request, sink) : input.source.query(request, sink),
    }),
    leave: (member) => {
      if (packing.expected.delete(member)) sendIfAll(packing);
    },
  };
}

function join(packing: OpenPack, member: PackMember, request: QueryRequest, sink: RowSink): Promise<QueryEnd> {
  return new Promise((answer, refuse) => {
    packing.questions.push({ member, request, sink, answer, refuse });
    packing.expected.delete(member);
    sendIfAll(packing);
  });
}

function sendIfAll({ input, expected, questions }: OpenPack): void {
  if (expected.size > 0 || questions.length === 0) return;
  const all = questions.splice(0);
  void askTogether(input, all).catch((thrown: unknown) => {
    for (const { refuse } of all) refuse(thrown);
  });
}

/** Failures that say nothing of the pack: each rule would have met them. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set([
  'SOURCE_THROTTLED',
  'SOURCE_QUOTA',
  'SOURCE_NETWORK',
  'SOURCE_AUTH',
  'SOURCE_PERMISSION',
  'SOURCE_LICENSE',
  'SOURCE_RETIRED',
  'SOURCE_CLOCK',
  'ABORTED',
]);

function isOfAll({ code }: HuntwireError): boolean {
  return OF_ALL.has(code) || code.startsWith('STATE_');
}

/** Answers all questions, whatever comes of it. Tells whether they went together; null: that cannot be told. */
async function askTogether(input: PackInput, questions: readonly Question[]): Promise<boolean | null> {
  const [first] = questions;
  if (!first) return null;
  if (questions.length === 1) return askAlone(input, first);
  const query = packQuery(questions.map(({ request, member }) => ({ text: request.query, columns: member.columns })));
  try {
    await sendPack(input, questions, query);
    return true;
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (isOfAll(error) || first.request.signal.aborted) {
      for (const { refuse } of questions) refuse(untimed(error));
      return null;
    }
    await askApart(input, questions, culpritOf(query, error, input.source.api !== 'local'));
    return false;
  }
}

/** Two parts, one after the other; which of their rules do not go together shows where both parts do. */
async function askApart(input: PackInput, questions: readonly Question[], culprit: number | null): Promise<void> {
  const middle = Math.ceil(questions.length / 2);
  const one = culprit === null ? questions.slice(0, middle) : questions.filter((_, index) => index !== culprit);
  const other = questions.filter((question) => !one.includes(question));
  const together = [await askTogether(input, one), await askTogether(input, other)];
  if (!together.every((went) => went === true)) return;
  const [ids = [], others = []] = [one, other].map((part) => part.map(({ member }) => member.ruleId));
  input.memory.keepApart(ids, others, input.sending.monotonic());
}

/** As it is asked without a pack. A rule that fails alone does so before it goes with others again. */
async function askAlone({ sending, memory }: PackInput, question: Question): Promise<boolean | null> {
  const { member, request, sink, answer, refuse } = question;
  try {
    answer({ ...(await sendQuery(sending, request, sink)), serviceTime: null });
    return true;
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    refuse(untimed(error));
    if (isOfAll(error)) return null;
    memory.forget(member.ruleId);
    return false;
  }
}

const LONGEST_TEXT = 256 * 1024;

/** Nothing of an answer that breaks off reaches a rule. */
async function sendPack(input: PackInput, questions: readonly Question[], { text }: PackQuery): Promise<void> {
  const [first] = questions;
  if (text.length > LONGEST_TEXT || !first) throw new HuntwireError('SOURCE_BODY_TOO_LARGE', 'The pack is too long.');
  const unpacking = createUnpacking(questions.map(({ member }) => member.columns));
  const ruleId = `${questions.length} rules: ${questions.map(({ member }) => member.ruleId).join(' ')}`;
  const request = { ruleId, query: text, signal: first.request.signal, ...timesOf(questions) };
  const end = await sendCall(input.sending, request, unpacking);
  if (end.truncated) throw new HuntwireError('SOURCE_RESULT_TOO_LARGE', 'The rules of one call have too many rows.');
  const rows = unpacking.rows();
  const share = {
    ...end,
    ...(end.scannedBytes !== undefined && { scannedBytes: end.scannedBytes / questions.length }),
  };
  for (const [index, question] of questions.entries()) deliver(question, rows[index] ?? [], share);
}

/** One time for all where all have the same, and a range that takes in those of all. */
function timesOf(questions: readonly Question[]): Pick<QueryRequest, 'asOf' | 'range'> {
  const requests = questions.map(({ request }) => request);
  const [asOf, ...others] = [...new Set(requests.map((one) => one.asOf))];
  const ranges = requests.flatMap((one) => (one.range ? [one.range] : []));
  const from = Math.min(...ranges.map((one) => one.from));
  const to = Math.max(...ranges.map((one) => one.to));
  return {
    ...(asOf !== undefined && others.length === 0 && { asOf }),
    ...(ranges.length === requests.length && { range: { from, to } }),
  };
}

/** The time that the service told was noted once, with the call. */
function deliver({ member, sink, answer, refuse }: Question, rows: readonly Row[], end: QueryEnd): void {
  try {
    sink.schema(member.columns);
    for (const row of rows) sink.row(row);
  } catch (thrown) {
    refuse(thrown);
    return;
  }
  answer({ ...end, rows: rows.length, bytes: 0, serviceTime: null });
}

function untimed(error: HuntwireError): HuntwireError {
  if (error.serviceTime === null) return error;
  const { code, message, retryable, retryAfterMs, throttle, unanswered, advice, cause, problems } = error;
  return new HuntwireError(code, message, { retryable, retryAfterMs, throttle, unanswered, advice, cause, problems });
}
