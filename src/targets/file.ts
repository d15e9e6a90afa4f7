import type { PluginSchema } from '../lib/plugin.ts';
import { appendDurably, fileResult } from './file/append.ts';
import { checkFile } from './file/check-file.ts';
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

/** Deliveries that share one write and one sync at most. */
const CONCURRENCY = 1024;

interface Waiting {
  readonly line: string;
  readonly signal: AbortSignal;
  readonly resolve: (result: DeliveryResult) => void;
}

interface Writer {
  readonly path: string;
  readonly waiting: Waiting[];
  running: Promise<void> | null;
}

/**
 * Appends lines. A delivery counts as delivered once its line is on the disk (fdatasync); lines that arrive while a
 * write is under way share the next one. The file is opened for every batch, so that it can be renamed at any time.
 */
export function create(config: FileConfig, deps: TargetDeps): Target {
  const writer: Writer = { path: config.path, waiting: [], running: null };
  let closed = false;
  const deliver = (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closed || signal.aborted) return Promise.resolve(stopped('the target was closed'));
    const line = `${singleLine(deps.format(delivery.alert, { maxBytes: null }))}\n`;
    return new Promise((resolve) => {
      writer.waiting.push({ line, signal, resolve });
      writer.running ??= writeAll(writer);
    });
  };
  const close = async (): Promise<void> => {
    closed = true;
    await writer.running;
  };
  const check: Target['check'] = async () => [await checkFile(deps.name, config.path)];
  const traits = { concurrency: CONCURRENCY, ratePerSecond: null };
  return { name: deps.name, type: name, traits, deliver, check, close };
}

async function writeAll(writer: Writer): Promise<void> {
  await Promise.resolve();
  while (writer.waiting.length > 0) {
    const batch = writer.waiting.splice(0).filter(isWanted);
    if (batch.length === 0) continue;
    const result = await write(writer.path, batch.map((one) => one.line).join(''));
    for (const one of batch) one.resolve(result);
  }
  writer.running = null;
}

function isWanted(waiting: Waiting): boolean {
  if (waiting.signal.aborted) waiting.resolve(stopped('the delivery was stopped'));
  return !waiting.signal.aborted;
}

async function write(path: string, text: string): Promise<DeliveryResult> {
  try {
    await appendDurably(path, text);
    return { kind: 'delivered' };
  } catch (thrown) {
    return fileResult(thrown, path);
  }
}

function stopped(reason: string): DeliveryResult {
  return { kind: 'again', reason, status: null, retryAfterMs: null };
}
