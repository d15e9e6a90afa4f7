import { resolve } from 'node:path';
import type { Secret } from '../../lib/secret.ts';
import type { Config } from '../config.ts';
import { type ConfigReading, folderOf, reportValue } from '../reading.ts';
import { isRecord } from '../schema-walk.ts';

const DEFAULT_PATH = 'data/huntwire.db';

interface StateGiven {
  readonly path?: string;
  readonly url?: Secret;
  readonly overNetwork?: boolean;
}

/** `state`; the frame's schema has said already what has the wrong type. */
export function readStateSection(reading: ConfigReading, section: unknown): Config['state'] {
  const { path, url, overNetwork = false } = (isRecord(section) ? section : {}) as StateGiven;
  if (path !== undefined && url !== undefined)
    reportValue(reading, ['state'], 'The state is kept in one place: give either path or url.');
  if (url !== undefined) return Object.freeze({ url });
  return Object.freeze({ path: path ?? resolve(folderOf(reading), DEFAULT_PATH), ...(overNetwork && { overNetwork }) });
}
