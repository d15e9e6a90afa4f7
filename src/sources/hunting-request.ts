import { randomUUID } from 'node:crypto';

const LONGEST_ID = 200;

/**
 * The request body of all three APIs. `Query` is case-sensitive on the older two; Graph takes it so as well. In front of the query
 * stands one comment line with the rule's id: positions in the service's errors count that line.
 */
export function requestBody(ruleId: string, query: string): string {
  return JSON.stringify({ Query: labelledQuery(ruleId, query) });
}

/** The query text of a request. */
export function labelledQuery(ruleId: string, query: string): string {
  const id = ruleId.replace(/[^\x20-\x7e]/g, '_').slice(0, LONGEST_ID);
  return `// huntwire ${id}\n${query}`;
}

export function requestHeaders(token: string, version: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': `huntwire/${version}`,
    'client-request-id': randomUUID(),
  };
}
