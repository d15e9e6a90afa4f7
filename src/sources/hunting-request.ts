import { randomUUID } from 'node:crypto';

const LONGEST_ID = 200;

/** The query text of a request: in front stands one comment line with the rule's id, which positions in the service's errors count. */
export function labelledQuery(ruleId: string, query: string): string {
  const id = ruleId.replace(/[^\x20-\x7e]/g, '_').slice(0, LONGEST_ID);
  return `// huntwire ${id}\n${query}`;
}

export function requestHeaders(token: string, version: string): Record<string, string> {
  return {
    // Empty where nobody signs in.
    ...(token !== '' && { authorization: `Bearer ${token}` }),
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': `huntwire/${version}`,
    'client-request-id': randomUUID(),
  };
}
