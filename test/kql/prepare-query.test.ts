import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_QUERY_LENGTH } from '../../src/kql/query-limits.ts';
import { tries } from '../tries.ts';
import { findingsOf, prepare } from './queries.ts';

const doubling = (levels: number): string => {
  const functions = Array.from(
    { length: levels },
    (_, index) => `let f${index + 1} = (x: long) { f${index}(x) + f${index}(x + 1) };`,
  );
  return `let f0 = (x: long) { x + 1 }; ${functions.join(' ')} DeviceEvents | extend A = f${levels}(1)`;
};

describe('a hostile query ends with an error, not with the process', () => {
  it.each([
    ['1 MB of text', `DeviceEvents | where FileName == "${'x'.repeat(1_000_000)}"`],
    ['brackets without end', `DeviceEvents | where ${'('.repeat(100_000)}`],
    ['600 levels of brackets', `DeviceEvents | where ${'('.repeat(600)}1 == 1${')'.repeat(600)}`],
    ['1,500 pipes', `DeviceEvents${' | where 1 == 1'.repeat(1500)}`],
    ['functions that double', doubling(16)],
  ])('%s', async (_, query) => {
    const prepared = await prepare(query);
    const errors = prepared.findings.filter((one) => one.severity === 'error');
    expect(errors).toHaveLength(1);
    expect(['query-too-large', 'KS245']).toContain(errors[0]?.code);
    expect((await prepare('DeviceEvents')).findings).toEqual([]);
  });

  it('names the limit', async () => {
    const prepared = await prepare('x'.repeat(MAX_QUERY_LENGTH + 1));
    expect(prepared.findings[0]?.message).toContain(String(MAX_QUERY_LENGTH));
  });

  it('says what the parser fails on', async () => {
    const prepared = await prepare('unknown_graph() | graph-match (a)-[e]-(b) where a.x == 1 project b.x');
    expect(prepared.findings).toMatchObject([{ code: 'query-not-read', severity: 'error' }]);
  });

  it('any text at all is answered', async () => {
    const words = [
      'DeviceEvents',
      '|',
      'where',
      'let',
      'x',
      '=',
      '(',
      ')',
      '{',
      '}',
      ';',
      '"',
      'ago(',
      '1d',
      'union',
      '*',
      'in',
      'join',
      'on',
      '//',
      '\n',
      '.',
      '_from',
      '__proto__',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 30 }), async (parts) => {
        const prepared = await prepare(parts.join(' '));
        for (const one of prepared.findings) expect(one.start).toBeLessThanOrEqual(prepared.text.length);
      }),
      { numRuns: tries(15, 40) },
    );
  });
});

describe('a prepared query', () => {
  it('is plain and frozen data that survives JSON', async () => {
    const prepared = await prepare('DeviceEvents | where Timestamp > ago(1h) | join kind=inner DeviceInfo on DeviceId');
    expect(JSON.parse(JSON.stringify(prepared))).toEqual(prepared);
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.tables) && Object.isFrozen(prepared.tables[0])).toBe(
      true,
    );
  });

  it('knows names like those of built-in properties for what they are', async () => {
    const prepared = await prepare('constructor | where toString == 1', { params: {} });
    expect(prepared.tables.map((one) => one.table)).toEqual(['constructor']);
    expect(findingsOf(prepared, 'error')).toEqual([]);
  });
});

describe('a basis for sets', () => {
  const OTHER = { basis: 'ingestion' as const, sets: 'event' as const };

  it.each([
    ['set', 'DeviceEvents | where Timestamp > ago(1h) | summarize count() by DeviceId', 'event'],
    ['stream', 'DeviceEvents | where Timestamp > ago(1h)', 'ingestion'],
    ['set', 'DeviceEvents | summarize (', 'event'],
    ['set', 'x'.repeat(MAX_QUERY_LENGTH + 1), 'event'],
  ])('is that of a %s as if it had been asked with it', async (shape, query, basis) => {
    const prepared = await prepare(query, OTHER);
    expect(prepared.shape).toBe(shape);
    expect(prepared).toEqual(await prepare(query, { basis: basis as 'event' }));
  });
});
