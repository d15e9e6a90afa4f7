import { afterEach, describe, expect, it } from '@jest/globals';
import { collect, describeSource } from '../contract/source.ts';
import { askEmulator, emulatedUnderTest } from './emulated.ts';
import { depsOf, makeSource, secretAuth } from './stand-in.ts';

describeSource('lake', () => emulatedUnderTest('lake', {}));

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('asks the workspace that is named, else the one of the lake', async () => {
  const { emulator, source, close } = await askEmulator('lake', { workspace: 'prod-1234' });
  closers.push(close);
  await collect(source, { ruleId: 'r', query: 'Some' });
  expect(JSON.parse(emulator.seen[0]?.body ?? '')).toEqual({ db: 'prod-1234', csl: '// huntwire r\nSome' });
});

describe('the data lake', () => {
  const codeOf = async (query: string, options: object = {}) => {
    const { source, close } = await askEmulator('lake', {}, options);
    closers.push(close);
    return collect(source, { ruleId: 'r', query }).catch((thrown: { readonly code?: string }) => thrown.code);
  };

  it('has no ingestion_time(), a quota of its own, and wants a role', async () => {
    expect(await codeOf('Some | where ingestion_time() > ago(1h)')).toBe('SOURCE_QUERY_INVALID');
    expect(await codeOf('Some', { application: { roles: [] } })).toBe('SOURCE_PERMISSION');
    expect(await codeOf('Some', { limits: { maxRows: 1 } })).toBe('SOURCE_RESULT_TOO_LARGE');
  });

  it('is in the public cloud only, unless somebody says where it is', () => {
    const deps = depsOf(secretAuth('http://127.0.0.1:1'));
    expect(() => makeSource('lake', { cloud: 'dod' }, deps)).toThrow('lake is not in dod');
    expect(() => makeSource('lake', { cloud: 'dod', baseUrl: 'https://lake.example' }, deps)).not.toThrow();
  });

  it('tells that it has no ingestion time', () => {
    const source = makeSource('lake', {}, depsOf(secretAuth('http://127.0.0.1:1')));
    expect(source.arrival).toEqual({
      ingestionTime: 'never',
      minDelayMs: 900_000,
      minOverlapMs: 14_400_000,
      timeColumns: {},
    });
  });

  it('is told of sources that have all, where columns are named', () => {
    const auth = secretAuth('http://127.0.0.1:1');
    const settings = { workspaces: ['12345678-1234-1234-1234-1234567890ab'], baseUrl: 'http://127.0.0.1:1' };
    const timeColumns = { IdentityInfo: 'TimeGenerated' };
    const [plain, named] = [settings, { ...settings, timeColumns }].map((one) =>
      makeSource('loganalytics', one, depsOf(auth)),
    );
    expect(plain?.arrival).toBeUndefined();
    expect(named?.arrival).toMatchObject({ ingestionTime: 'always', timeColumns });
  });
});
