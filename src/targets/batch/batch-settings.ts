import { MINUTE_MS, parseDuration } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { PluginSchema } from '../../lib/plugin.ts';
import { durationSchema } from '../shared-schema.ts';
import type { BatchTraits } from '../target.ts';

/** How many alerts go out together; what is missing has the default of the schema. */
export interface BatchSettings {
  readonly max?: number;
  readonly every?: string;
}

const DEFAULT_MAX = 500;
const DEFAULT_EVERY = '1s';
const MOST = 1000;
const LONGEST_MS = MINUTE_MS;

export const batchProperties = {
  max: {
    type: 'integer',
    minimum: 1,
    maximum: MOST,
    default: DEFAULT_MAX,
    description: 'Alerts in one request.',
  },
  every: {
    ...durationSchema,
    default: DEFAULT_EVERY,
    description: 'An alert waits this long at most for others to go with it; at most 1m.',
  },
};

/** For targets that always send batches. */
export const batchSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'How many alerts go out in one request.',
  properties: batchProperties,
};

/** `bytes`: what a request may have. Throws CONFIG_INVALID for a time that is too long. */
export function batchTraits({ max, every }: BatchSettings, bytes: number, where: string): BatchTraits {
  const everyMs = parseDuration(every ?? DEFAULT_EVERY);
  if (everyMs === null || everyMs > LONGEST_MS)
    throw new HuntwireError('CONFIG_INVALID', `${where}.batch.every: write a duration of at most 1m, such as 500ms.`);
  return { max: Math.min(max ?? DEFAULT_MAX, MOST), everyMs, maxCharacters: bytes };
}
