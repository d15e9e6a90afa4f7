import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collect } from '../contract/source.ts';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

/** Microsoft's two pages about the API of mde; other people's text, so that it stays outside of the project. */
const SHARED = process.env.HUNTWIRE_SHARED ?? resolve(import.meta.dirname, '../../../shared');
const NEWER = resolve(SHARED, 'seeds/advanced-hunting-api-newer-page.txt');
const OLDER = resolve(SHARED, 'seeds/advanced-hunting-api-older-page.md');

const COLUMNS = ['Timestamp', 'FileName', 'InitiatingProcessFileName', 'DeviceId'];

/** Asks mde, on a stand-in that answers with `body`, and returns what was sent and what came back. */
async function ask(query: string, body: string) {
  const server = await startStandIn((seen, response) =>
    seen.path.includes('/oauth2/') ? grantToken(seen, response) : sendJson(response, 200, body),
  );
  const source = makeSource('mde', { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
  try {
    const answer = await collect(source, { ruleId: 'example', query });
    const sent = server.seen.at(-1);
    return { ...answer, sent };
  } finally {
    await source.close();
    await server.close();
  }
}

/** The query of a page's example request, and its example response. */
function exampleOf(page: string): { readonly query: string; readonly body: string } {
  const query = /"Query":\s*"([\s\S]*?)"\s*\n\}/.exec(page)?.[1] ?? '';
  return { query, body: objectAt(page, page.search(/\{\s*"Schema"/)) };
}

/** The shortest text from `start` on that is a JSON object. */
function objectAt(page: string, start: number): string {
  for (let end = page.indexOf('}', start); end >= 0; end = page.indexOf('}', end + 1)) {
    const text = page.slice(start, end + 1);
    try {
      JSON.parse(text);
      return text;
    } catch {
      // Not yet its end.
    }
  }
  throw new Error('the page has no example response');
}

describe('the documented example of mde', () => {
  for (const [name, path] of [
    ['newer', NEWER],
    ['older', OLDER],
  ] as const) {
    const there = existsSync(path);
    (there ? it : it.skip)(
      `is understood as the ${name} page has it${there ? '' : ' (skipped: the page is not here)'}`,
      async () => {
        const { query, body } = exampleOf(readFileSync(path, 'utf8'));
        const { columns, rows, sent } = await ask(query, body);
        expect(query).toContain('DeviceProcessEvents');
        expect(JSON.parse(sent?.body ?? '')).toEqual({ Query: `// huntwire example\n${query}` });
        expect(columns.map((column) => column.name)).toEqual(COLUMNS);
        expect(columns[0]?.type).toBe('datetime');
        expect(rows).toEqual(JSON.parse(body).Results);
        expect(rows).toHaveLength(2);
      },
    );
  }

  it('is understood in an equivalent of our own', async () => {
    const row = {
      Timestamp: '2026-02-05T01:10:26.2648757Z',
      FileName: 'a.exe',
      InitiatingProcessFileName: 'b.exe',
      DeviceId: '0af',
    };
    const Schema = COLUMNS.map((Name) => ({ Name, Type: Name === 'Timestamp' ? 'DateTime' : 'String' }));
    const { rows, sent } = await ask(
      'DeviceProcessEvents\n| limit 2',
      JSON.stringify({ Schema, Results: [row, row] }, null, 2),
    );
    expect(rows).toEqual([row, row]);
    expect(sent).toMatchObject({ method: 'POST', path: '/api/advancedqueries/run' });
    expect(Object.keys(JSON.parse(sent?.body ?? ''))).toEqual(['Query']);
  });
});
