import { describe, expect, it } from '@jest/globals';
import { renderQuery } from '../../src/kql/render.ts';
import { labelQuery, offsetAt, positionAt } from '../../src/kql/sent-query.ts';
import { prepare } from './queries.ts';

const L = Date.parse('2026-01-01T12:00:00Z');

async function sent(query: string) {
  const params = { p: 'x' };
  const window = { basis: 'event', from: L - 1, to: L } as const;
  const prepared = await prepare(query, { params });
  return labelQuery('rule-1', query, renderQuery(prepared, { logicalTime: L, window, latenessMs: 0, params }));
}

describe('labelQuery', () => {
  it('begins with the comment by which operators find the query', async () => {
    expect((await sent('DeviceEvents')).text).toMatch(/^\/\/ huntwire rule-1\nlet p = "x"; \(DeviceEvents \| where /);
  });

  it('keeps a line break in the id out of the query', async () => {
    const rendered = renderQuery(await prepare('DeviceEvents', { basis: 'none' }), {
      logicalTime: L,
      window: null,
      latenessMs: 0,
      params: {},
    });
    expect(labelQuery('a\n| take 0', 'DeviceEvents', rendered).text).toBe('// huntwire a | take 0\nDeviceEvents');
  });

  it('maps the place of an error back to the query', async () => {
    const query = 'DeviceEvents\n| where Timestamp > ago(1h) and Nope == 1\n| take 1';
    const message = await sent(query);
    const at = message.text.indexOf('Nope');
    expect(message.toOriginal(at)).toBe(query.indexOf('Nope'));
    expect(message.toOriginalPosition(positionAt(message.text, at))).toEqual(positionAt(query, query.indexOf('Nope')));
    expect(message.toOriginalPosition({ line: 4, column: 3 })).toEqual({ line: 3, column: 3 });
  });

  it('maps what was put in to where it was put', async () => {
    const message = await sent('DeviceEvents | take 1');
    expect(message.toOriginalPosition({ line: 1, column: 1 })).toEqual({ line: 1, column: 1 });
    const filter = message.text.indexOf('where Timestamp');
    expect(message.toOriginal(filter)).toBe('DeviceEvents'.length);
    expect(message.toOriginalPosition({ line: 99, column: 1 })).toEqual({ line: 1, column: 22 });
  });
});

describe('positions', () => {
  it('go there and back', () => {
    const text = 'ab\n\ncde';
    for (let at = 0; at <= text.length; at += 1) expect(offsetAt(text, positionAt(text, at))).toBe(at);
  });

  it('behind the end of a line are its end', () => {
    expect(offsetAt('ab\ncd', { line: 1, column: 9 })).toBe(2);
    expect(offsetAt('ab\ncd', { line: 9, column: 1 })).toBe(5);
  });
});
