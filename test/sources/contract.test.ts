import type { ServerResponse } from 'node:http';
import { describeSource, type SourceUnderTest } from '../contract/source.ts';
import { COLUMNS, envelope, GRAPH_ROW, LEGACY_ROW, LEGACY_TEXT_ROW, NORMAL_ROW } from './encodings.ts';
import { depsOf, grantToken, makeSource, type Seen, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const ROWS: Readonly<Record<string, readonly string[]>> = {
  graph: [GRAPH_ROW, GRAPH_ROW],
  xdr: [LEGACY_ROW, LEGACY_TEXT_ROW],
  mde: [LEGACY_TEXT_ROW, LEGACY_ROW],
};

/** Answers `Some`, `None` and, to anything else, that the query is wrong. */
function answerQuery(api: string, seen: Seen, response: ServerResponse): void {
  const query = String(JSON.parse(seen.body).Query).split('\n')[1];
  if (query === 'Some' || query?.startsWith('print')) sendJson(response, 200, envelope(api, ROWS[api] ?? []));
  else if (query === 'None') sendJson(response, 200, envelope(api, []));
  else sendJson(response, 400, { error: { code: 'BadRequest', message: 'Fix syntax errors in your query' } });
}

async function makeUnderTest(api: string): Promise<SourceUnderTest> {
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) grantToken(seen, response);
    else if (seen.method === 'HEAD') response.writeHead(404).end();
    else answerQuery(api, seen, response);
  });
  const source = makeSource(api, { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
  return {
    source,
    some: { ruleId: 'some', query: 'Some', columns: COLUMNS, rows: [NORMAL_ROW, NORMAL_ROW] },
    none: { ruleId: 'none', query: 'None', columns: COLUMNS, rows: [] },
    refused: { ruleId: 'bad', query: 'Bad |', code: 'SOURCE_QUERY_INVALID' },
    close: async () => {
      await source.close();
      await server.close();
    },
  };
}

for (const api of ['graph', 'xdr', 'mde']) describeSource(api, () => makeUnderTest(api));
