import type { Writable } from 'node:stream';
import type { Payload } from '../formats/format.ts';
import { passed } from '../lib/check-result.ts';
import type { PluginSchema } from '../lib/plugin.ts';
import { visibleJson, visibleLine } from '../lib/visible.ts';
import { blocked, DELIVERED, TARGET_CLOSED } from './delivery-result.ts';
import { formatSchema } from './shared-schema.ts';
import { singleLine } from './single-line.ts';
import type { Delivery, DeliveryResult, Target, TargetDeps } from './target.ts';

export interface StdoutConfig {
  readonly type: 'stdout';
  readonly format?: string;
}

export const name = 'stdout';
export const configSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'stdout target',
  description: 'Prints every alert as one line on standard output.',
  type: 'object',
  additionalProperties: false,
  required: ['type'],
  properties: { type: { const: 'stdout' }, format: formatSchema },
};

const CONCURRENCY = 256;

/** Prints a line per alert on standard output, which is never closed here. */
export function create(_config: StdoutConfig, deps: TargetDeps): Target {
  return createStreamTarget(deps, process.stdout);
}

/** It may be a terminal, or the log of a build: nothing there is obeyed or hidden. */
function shownLine(payload: Payload): string {
  const line = singleLine(payload);
  return /\bjson\b/i.test(payload.contentType) ? visibleJson(line) : visibleLine(line);
}

/** As `create`, with the stream as an argument. A delivery counts as delivered once the stream has taken its line. */
export function createStreamTarget(deps: TargetDeps, stream: Writable): Target {
  let closed = false;
  // A reader that went away is told to each write; without a listener it would end the process.
  const ignore = (): void => undefined;
  stream.on('error', ignore);
  const deliver = (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closed || signal.aborted) return Promise.resolve(TARGET_CLOSED);
    const line = `${shownLine(deps.format(delivery.alert, { maxBytes: null }))}\n`;
    return new Promise((resolve) => {
      stream.write(line, (error) => resolve(error ? blocked('nobody reads standard output any more') : DELIVERED));
    });
  };
  const close = async (): Promise<void> => {
    closed = true;
    stream.off('error', ignore);
  };
  const check: Target['check'] = async () => [passed('stdout', deps.name, 'Alerts are printed on standard output.')];
  const traits = { concurrency: CONCURRENCY, ratePerSecond: null };
  return { name: deps.name, type: name, traits, deliver, check, close };
}
