import { resolve } from 'node:path';
import type { Secret } from '../../lib/secret.ts';
import type { Config } from '../config.ts';
import { type ConfigReading, folderOf, reportValue } from '../reading.ts';
import { isRecord } from '../schema-walk.ts';

const DEFAULT_PATH = 'data/huntwire.db';

/** `state`; the frame's schema has said already what has the wrong type. */
export function readStateSection(reading: ConfigReading, section: unknown): Config['state'] {
  const { path, url } = (isRecord(section) ? section : {}) as { readonly path?: string; readonly url?: Secret };
  if (path !== undefined && url !== undefined)
    reportValue(reading, ['state'], 'The state is kept in one place: give either path or url.');
  return Object.freeze(url === undefined ? { path: path ?? resolve(folderOf(reading), DEFAULT_PATH) } : { url });
}
