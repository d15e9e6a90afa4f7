import type { PluginSchema } from '../lib/plugin.ts';
import { DELIVERED, DELIVERY_STOPPED, TARGET_CLOSED } from './delivery-result.ts';
import { checkFile } from './file/check-file.ts';
import { fileResult } from './file/file-result.ts';
import { createLineWriter, type LineWriter } from './file/line-writer.ts';
import { payloadOf } from './payload-of.ts';
import { formatSchema } from './shared-schema.ts';
import { singleLine } from './single-line.ts';
import type { Delivery, DeliveryResult, Target, TargetDeps } from './target.ts';

/** Settings of a file target; `path` is absolute by then. */
export interface FileConfig {
  readonly type: 'file';
  readonly path: string;
  readonly format?: string;
}

export const name = 'file';
export const configSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'file target',
  description: 'Appends every alert as one line to a file.',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'path'],
  properties: {
    type: { const: 'file' },
    path: { type: 'string', minLength: 1, 'x-path': true, description: 'The file; its folder must exist.' },
    format: formatSchema,
  },
};

/** Of the journal one line each, too. */
export const journalRefusal = (): null => null;

/** Deliveries that share one write and one sync at most. */
const CONCURRENCY = 1024;

interface Waiting {
  readonly line: string;
  readonly signal: AbortSignal;
  readonly resolve: (result: DeliveryResult) => void;
}

interface Writer {
  readonly path: string;
  readonly lines: LineWriter;
  readonly waiting: Waiting[];
  /** Ends the waiting for a reader that takes nothing. */
  readonly closing: AbortController;
  running: Promise<void> | null;
}

/**
 * Appends lines. A delivery counts as delivered once its line is on the disk (fdatasync), or once a pipe has taken it; lines that arrive
 * while a write is under way share the next one. A file is opened for every batch, so that it can be renamed at any time.
 */
export function create(config: FileConfig, deps: TargetDeps): Target {
  const { path } = config;
  const lines = createLineWriter({ path, target: deps.name, clock: deps.clock, log: deps.log });
  const writer: Writer = { path, lines, waiting: [], closing: new AbortController(), running: null };
  const add = (text: string, signal: AbortSignal): Promise<DeliveryResult> => {
    if (writer.closing.signal.aborted || signal.aborted) return Promise.resolve(TARGET_CLOSED);
    return new Promise((resolve) => {
      writer.waiting.push({ line: `${text}\n`, signal, resolve });
      writer.running ??= writeAll(writer);
    });
  };
  const deliver = (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> =>
    add(singleLine(payloadOf(deps.format, delivery)), signal);
  const carry: Target['carry'] = (messages, signal) =>
    Promise.all(messages.map((message) => add(message.text(null), signal)));
  const close = async (): Promise<void> => {
    writer.closing.abort();
    await writer.running;
    await lines.close();
  };
  const check: Target['check'] = async () => [await checkFile(deps.name, path)];
  const traits = { concurrency: CONCURRENCY, ratePerSecond: null };
  return { name: deps.name, type: name, traits, deliver, carry, check, close };
}

async function writeAll(writer: Writer): Promise<void> {
  await Promise.resolve();
  while (writer.waiting.length > 0) {
    const batch = writer.waiting.splice(0).filter(isWanted);
    if (batch.length > 0) await writeBatch(writer, batch);
  }
  writer.running = null;
}

function isWanted(waiting: Waiting): boolean {
  if (waiting.signal.aborted) waiting.resolve(DELIVERY_STOPPED);
  return !waiting.signal.aborted;
}

async function writeBatch({ path, lines, closing }: Writer, batch: readonly Waiting[]): Promise<void> {
  const isStopped = (): boolean => closing.signal.aborted || batch.some((one) => one.signal.aborted);
  const { taken, failure } = await lines.write(
    batch.map((one) => one.line),
    isStopped,
  );
  for (const [index, one] of batch.entries()) one.resolve(taken[index] ? DELIVERED : fileResult(failure, path));
}
