import type { Answer, EmulatedApi } from '../../../src/emulator/answer.ts';
import { EMULATED_APPLICATION } from '../../../src/emulator/application.ts';
import { createFaultList } from '../../../src/emulator/faults.ts';
import { answerHunting, DOCUMENTED_LIMITS } from '../../../src/emulator/hunting.ts';
import { createEmulatedMeter, type EmulatedQuota } from '../../../src/emulator/meter.ts';
import { answerToken } from '../../../src/emulator/token.ts';
import type { ManualClock } from '../../../src/lib/clock.ts';
import { withServiceTime } from '../../../src/lib/errors.ts';
import { createRowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';
import { classifyAnswer } from '../../../src/sources/errors.ts';
import type { QueryEnd, QueryRequest, RowSink, Source } from '../../../src/sources/source.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS } from '../story.ts';

export interface EmulatedService {
  readonly source: Source;
  /** Answers of 429 to us. */
  refused(): number;
  /** Those that we would have had with nobody else in the tenant. */
  ours(): number;
  calls(): number;
  /** Somebody else of the tenant asks. */
  other(): void;
}

const PACK_COLUMNS: Answer['columns'] = [
  { name: '_huntwire_leg', type: 'long' },
  { name: '_huntwire_row', type: 'string' },
];

/** The emulator, its quotas armed, without its HTTP: nothing but time passes between a request and its answer, which has no rows. */
export function emulatedService(clock: ManualClock, quota: EmulatedQuota, api: EmulatedApi = 'graph'): EmulatedService {
  const meter = createEmulatedMeter(quota);
  const alone = createEmulatedMeter(quota);
  const counts = { refused: 0, ours: 0, calls: 0 };
  const token = tokenOf(clock.now());
  const answerer = {
    answer: async ({ query }: { readonly query: string }): Promise<Answer> => ({
      columns: query.includes('_huntwire_row') ? PACK_COLUMNS : COLUMNS,
      rows: [],
    }),
  };
  const deps = { answerer, meter, faults: createFaultList(), limits: DOCUMENTED_LIMITS };
  const query = async (request: QueryRequest, sink: RowSink): Promise<QueryEnd> => {
    const context = { api, requestId: 'r', now: clock.now() };
    counts.calls += 1;
    if (alone.admit(context)) counts.ours += 1;
    const body = JSON.stringify({ Query: request.query });
    const asked = { method: 'POST', path: '/', authorization: `Bearer ${token}`, body, signal: request.signal };
    const reply = await answerHunting(asked, context, deps);
    if (reply.status === 200) return read(reply.body, sink, clock.now());
    counts.refused += reply.status === 429 ? 1 : 0;
    const retryAfter = 'headers' in reply ? (reply.headers['retry-after'] ?? null) : null;
    const { status, body: text } = reply;
    const error = classifyAnswer({ status, body: text, retryAfter, now: clock.now() }, {
      api,
      permission: 'none',
    } as never);
    throw withServiceTime(error, clock.now());
  };
  const planted = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
  return {
    source: { ...planted, api, query },
    refused: () => counts.refused,
    ours: () => counts.ours,
    calls: () => counts.calls,
    other: () => void meter.admit({ api, requestId: 'o', now: clock.now() }),
  };
}

function read(body: string, sink: RowSink, serviceTime: number): QueryEnd {
  let normalizer = createRowNormalizer([]);
  const decoder = createRowDecoder(
    { ...DECODE_LIMITS, maxBytes: 1e9, maxRows: 100_000 },
    {
      schema: (columns) => {
        normalizer = createRowNormalizer(columns);
        sink.schema(normalizer.columns);
      },
      row: (row) => sink.row(normalizer.normalize(row)),
    },
  );
  decoder.push(Buffer.from(body));
  const { rows, truncated, bytes } = decoder.end();
  return { rows, truncated, bytes, elapsedMs: 500, serviceTime };
}

function tokenOf(now: number): string {
  const { clientId, clientSecret } = EMULATED_APPLICATION;
  const scope = 'https://graph.microsoft.com/.default';
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, scope });
  const lasting = { ...EMULATED_APPLICATION, expiresInSeconds: 1e6 };
  return String(answerToken(form, lasting, '', now).body.access_token);
}
