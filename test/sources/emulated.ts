import { type Answer, type Answerer, QueryFault } from '../../src/emulator/answer.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { AuthConfig } from '../../src/sources/auth/auth-config.ts';
import type { Source } from '../../src/sources/source.ts';
import type { SourceUnderTest } from '../contract/source.ts';
import { COLUMNS, NORMAL_ROW } from './encodings.ts';
import { depsOf, makeSource } from './stand-in.ts';

/** What stands behind the stand-in: `Some`, `None`, anything that begins with print; all else is a wrong query. */
const ANSWERER: Answerer = {
  answer: async ({ query }): Promise<Answer> => {
    const asked = query.split('\n')[1] ?? '';
    if (asked.startsWith('Some') || asked.startsWith('print'))
      return { columns: COLUMNS, rows: [NORMAL_ROW, NORMAL_ROW] };
    if (asked === 'None') return { columns: COLUMNS, rows: [] };
    throw new QueryFault(`A recognition error occurred. Line: 2, Position: 5. Fix syntax errors in your query.`);
  },
};

/** What signs in to a stand-in. */
export function emulatedAuth({ authority, application }: Emulator): AuthConfig {
  const { tenantId, clientId, clientSecret } = application;
  return { tenantId, clientId, authority, clientSecret: new Secret(clientSecret) };
}

export interface EmulatedSource {
  readonly emulator: Emulator;
  readonly source: Source;
  close(): Promise<void>;
}

/** A source of the API that asks a stand-in, as far as `options` say otherwise with the answers above. */
export async function askEmulator(
  api: string,
  settings: object,
  options: Partial<EmulatorOptions> = {},
): Promise<EmulatedSource> {
  const emulator = await startEmulator({ port: 0, clock: systemClock, answerer: ANSWERER, ...options });
  const source = makeSource(api, { baseUrl: emulator.baseUrl, ...settings }, depsOf(emulatedAuth(emulator)));
  const close = async (): Promise<void> => {
    await source.close();
    await emulator.close();
  };
  return { emulator, source, close };
}

/** As the contract wants it. */
export async function emulatedUnderTest(api: string, settings: object): Promise<SourceUnderTest> {
  const { source, close } = await askEmulator(api, settings);
  return {
    source,
    some: { ruleId: 'some', query: 'Some', columns: COLUMNS, rows: [NORMAL_ROW, NORMAL_ROW] },
    none: { ruleId: 'none', query: 'None', columns: COLUMNS, rows: [] },
    refused: { ruleId: 'bad', query: 'Bad |', code: 'SOURCE_QUERY_INVALID' },
    close,
  };
}
