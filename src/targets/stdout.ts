import type { Writable } from 'node:stream';
import type { Payload } from '../formats/format.ts';
import { passed } from '../lib/check-result.ts';
import type { PluginSchema } from '../lib/plugin.ts';
import { visibleJson, visibleLine } from '../lib/visible.ts';
import { blocked, DELIVERED, TARGET_CLOSED } from './delivery-result.ts';
import { payloadOf } from './payload-of.ts';
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

/** Of the journal one line each, too. */
export const journalRefusal = (): null => null;

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
  const write = (line: string, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closed || signal.aborted) return Promise.resolve(TARGET_CLOSED);
    return new Promise((resolve) => {
      stream.write(`${line}\n`, (error) =>
        resolve(error ? blocked('nobody reads standard output any more') : DELIVERED),
      );
    });
  };
  const deliver = (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> =>
    write(shownLine(payloadOf(deps.format, delivery)), signal);
  const carry: Target['carry'] = (messages, signal) =>
    Promise.all(messages.map((message) => write(visibleJson(message.text(null)), signal)));
  const close = async (): Promise<void> => {
    closed = true;
    stream.off('error', ignore);
  };
  const check: Target['check'] = async () => [passed('stdout', deps.name, 'Alerts are printed on standard output.')];
  const traits = { concurrency: CONCURRENCY, ratePerSecond: null };
  return { name: deps.name, type: name, traits, deliver, carry, check, close };
}
