import { describe, expect, it } from '@jest/globals';
import type { PrepareOptions } from '../../../src/kql/prepared.ts';
import { findingsOf, prepare } from '../queries.ts';

const errorsOf = async (query: string, options: Partial<PrepareOptions> = {}) =>
  findingsOf(await prepare(query, options), 'error');

describe('statements', () => {
  it.each([
    ['none', '', 'no-query: '],
    ['only lets', 'let a = 1;', 'no-query: '],
    ['only a comment', '// nothing yet', 'no-query: '],
    ['a value', '1 + 1', 'no-query: 1 + 1'],
    ['a command', '.show tables', 'no-query: .show tables'],
    ['two queries', 'DeviceEvents | take 1; DeviceInfo | take 2', 'several-queries: DeviceInfo | take 2'],
  ])('%s', async (_, query, expected) => {
    expect(await errorsOf(query)).toEqual([expected]);
  });

  it('may be set, let and one query', async () => {
    expect(await errorsOf('set notruncation; let a = 1; DeviceEvents | extend B = a;')).toEqual([]);
  });
});

describe('reserved names', () => {
  it.each([
    ['let _from = now(); DeviceEvents', '_from'],
    ['DeviceEvents | extend _to = 1', '_to'],
    ['let f = (_from: datetime) { DeviceEvents }; f(now())', '_from'],
    ['let ingestion_time = () { now() }; DeviceEvents', 'ingestion_time'],
    ['DeviceEvents | as isnull | take 1', 'isnull'],
  ])('are refused in %s', async (query, name) => {
    expect(await errorsOf(query)).toEqual([`reserved-name: ${name}`]);
  });

  it('are known in the query, as are params', async () => {
    const query =
      'DeviceEvents | where Timestamp between (_from .. _to) and strlen(FileName) > minimum and FileName in (names)';
    const prepared = await prepare(query, { params: { minimum: 20, names: ['a', 'b'] } });
    expect(prepared.findings).toEqual([]);
    expect(prepared.usesWindowNames).toBe(true);
  });
});

describe('params', () => {
  it('must not be declared by the query too', async () => {
    const params = { limit: 5 };
    expect(await errorsOf('let limit = 3; DeviceEvents | take limit', { params })).toEqual(['reserved-name: limit']);
    expect(await errorsOf('DeviceEvents | as limit', { params })).toEqual(['reserved-name: limit']);
  });

  it.each(['_from', 'DeviceEvents', 'isnull', 'two words', '1st', ''])('must not be called "%s"', async (name) => {
    const prepared = await prepare('DeviceEvents', { params: { [name]: 1 } });
    expect(prepared.findings.map((one) => one.code)).toEqual(['reserved-name']);
  });

  it('have the type of their value', async () => {
    const query = 'print A = a, B = b, C = c, D = d, E = e';
    const params = { a: 'x', b: 9007199254740993n, c: 1.5, d: true, e: [1, 'two'] };
    expect((await prepare(query, { params })).columns?.map((one) => one.type)).toEqual([
      'string',
      'long',
      'real',
      'bool',
      'dynamic',
    ]);
  });
});

describe('placeholders', () => {
  it('are refused in code', async () => {
    expect(await errorsOf('DeviceEvents | where FileName == {{name}}')).toContain('placeholder: {{');
  });

  it.each([
    'DeviceEvents | where FileName == "{{name}}"',
    "DeviceEvents | where FileName == @'{{'",
    'DeviceEvents // {{name}}',
  ])('are plain text in %s', async (query) => {
    expect(await errorsOf(query)).toEqual([]);
  });
});
