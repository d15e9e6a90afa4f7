import type { TimeRange } from '../../../src/kql/window.ts';
import type { QueryRequest, Source } from '../../../src/sources/source.ts';
import { aboutOf, type ServiceModel, windowOf } from '../service/service.ts';
import { type Body, never } from './body.ts';

/** A tenant's API as one process sees it. */
export function createSimSource(body: Body, service: ServiceModel, markOf: (id: string) => string | null): Source {
  const { callsPerMinute, callsPerHour, maxRows, retention, pack } = service.spec;
  const caller = { life: body.number, isDead: body.isDead, markOf };
  const asked = new Map<string, TimeRange>();
  return {
    api: 'graph',
    maxRows,
    retentionMs: retention * 1000,
    retiresOn: null,
    quota: { callsPerMinute, callsPerHour, runSecondsPerHour: null, runSecondsPerDay: null, concurrency: 3 },
    packRules: pack ?? 1,
    query: (request, sink) => {
      if (body.diesAt('admitted') || (isHalf(request, asked) && body.diesAt('halving'))) return never();
      const answer = service.query(request, sink, caller);
      return body.diesAt('asking') ? never() : answer;
    },
    greet: (signal) => service.greet(signal, caller),
    check: async () => [],
    close: async () => undefined,
  };
}

/** Whether a request asks for a piece of what the rule's request before asked for: a window is being divided. */
function isHalf({ ruleId, query }: QueryRequest, asked: Map<string, TimeRange>): boolean {
  const before = asked.get(ruleId);
  const window = aboutOf(query) === 'rule' ? windowOf(query) : null;
  if (ruleId.includes(' ')) return false;
  if (window) asked.set(ruleId, window);
  if (!before || !window) return false;
  return before.from <= window.from && window.to <= before.to && window.to - window.from < before.to - before.from;
}
