import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import type { Log } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { type Figure, figureParts, otlpRequest } from '../../../src/observe/otlp/otlp-metrics.ts';
import { pushMetrics } from '../../../src/observe/otlp/push-metrics.ts';
import { mappingProblems } from './metrics-request.ts';

const T0 = Date.parse('2026-01-10T12:00:00Z');
const MINUTE = 60_000;

interface SentMetric {
  readonly name: string;
  readonly sum: { readonly dataPoints: readonly unknown[] };
  readonly histogram: { readonly dataPoints: readonly unknown[] };
}

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly resourceMetrics: readonly [
      { readonly scopeMetrics: readonly [{ readonly metrics: readonly SentMetric[] }] },
    ];
  };
}

/** A collector as far as metrics go. */
const collector = { received: [] as Received[], answer: { status: 200, body: '{}' } };
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString('utf8')) as Received['body'];
    collector.received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(collector.answer.status, { 'content-type': 'application/json' }).end(collector.answer.body);
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function openPush(to = url) {
  collector.received.length = 0;
  collector.answer = { status: 200, body: '{}' };
  const clock = createManualClock(T0);
  const lines: string[] = [];
  const log = { warn: (line: string) => lines.push(line), info: (line: string) => lines.push(line) } as unknown as Log;
  const metrics = createMetrics('1.2.3', async () => ({ rules: [], targets: [] }));
  const outcomes: string[] = [];
  let heard = (): void => undefined;
  const pushed = (outcome: 'ok' | 'failed'): void => {
    metrics.pushed(outcome);
    outcomes.push(outcome);
    heard();
  };
  const stop = new AbortController();
  const target = { url: to, headers: { 'x-key': new Secret('canary-of-a-key') }, everyMs: MINUTE };
  const resource = { 'service.name': 'huntwire' };
  const going = pushMetrics(target, { figures: metrics.figures, pushed, resource, clock, log }, stop.signal);
  const next = async () => {
    const told = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await clock.advance(MINUTE);
    await told;
    // It sleeps again.
    await new Promise(setImmediate);
  };
  const end = async () => {
    stop.abort();
    await clock.advance(0);
    await going;
  };
  return { metrics, lines, outcomes, next, end };
}

const metricOf = ({ body }: Received, name: string): SentMetric => {
  const found = body.resourceMetrics[0].scopeMetrics[0].metrics.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not sent`);
  return found;
};

describe('figures that are pushed', () => {
  it('keep to the JSON mapping of OTLP, and count from the start of the process on', async () => {
    const { metrics, next, end, outcomes } = openPush();
    metrics.note({ kind: 'delivery', target: 'soar', messageId: 'm', tookMs: 250, reason: null, outcome: 'delivered' });
    await next();
    const [first] = collector.received;
    if (!first) throw new Error('nothing was received');
    expect(first.path).toBe('/v1/metrics');
    expect([first.headers['content-type'], first.headers['x-key']]).toEqual(['application/json', 'canary-of-a-key']);
    expect(mappingProblems(first.body)).toEqual([]);
    const times = { startTimeUnixNano: `${T0}000000`, timeUnixNano: `${T0 + MINUTE}000000` };
    const attributes = [
      { key: 'target', value: { stringValue: 'soar' } },
      { key: 'outcome', value: { stringValue: 'delivered' } },
    ];
    expect(metricOf(first, 'huntwire_deliveries_total').sum).toEqual({
      ...{ aggregationTemporality: 2, isMonotonic: true },
      dataPoints: [{ ...times, asDouble: 1, attributes }],
    });
    expect(metricOf(first, 'huntwire_delivery_duration_seconds').histogram.dataPoints).toEqual([
      {
        ...{ ...times, attributes: [attributes[0]], count: '1', sum: 0.25 },
        explicitBounds: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
        bucketCounts: ['0', '0', '0', '1', '0', '0', '0', '0'],
      },
    ]);
    await next();
    const second = collector.received[1];
    expect(second && metricOf(second, 'huntwire_metrics_pushes_total').sum.dataPoints).toMatchObject([
      { asDouble: 1, startTimeUnixNano: times.startTimeUnixNano },
    ]);
    await end();
    expect([outcomes, collector.received.length]).toEqual([['ok', 'ok', 'ok'], 3]);
  });

  it('that are not taken are told once and made up for by the next push', async () => {
    const { metrics, lines, next, end } = openPush();
    collector.answer = { status: 503, body: 'no' };
    await next();
    await next();
    expect(lines).toEqual(['figures could not be pushed; they are again']);
    collector.answer = { status: 200, body: '{"partialSuccess": {"rejectedDataPoints": "3"}}' };
    await next();
    collector.answer = { status: 200, body: '{"partialSuccess": {}}' };
    await next();
    expect(lines).toEqual(['figures could not be pushed; they are again', 'figures are pushed again']);
    expect(await metrics.text()).toContain('huntwire_metrics_pushes_total{outcome="failed"} 3');
    await end();
  });

  it('end with the process where nobody listens', async () => {
    const { lines, next, end } = openPush('http://127.0.0.1:9/v1/metrics');
    await next();
    await end();
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('canary');
  });
});

describe('figureParts', () => {
  const figure = (name: string, count: number, type = 'gauge'): Figure => ({
    ...{ name, type, help: '' },
    values: Array.from({ length: count }, (_, value) => ({ value, labels: {} })),
  });

  it('keeps requests small, and values of one histogram together', () => {
    const parts = figureParts([figure('a', 3), figure('b', 25), figure('c', 15, 'histogram'), figure('d', 2)], 10);
    expect(parts.map((part) => part.map(({ name, values }) => `${name}${values.length}`))).toEqual([
      ['a3'],
      ['b10'],
      ['b10'],
      ['b5'],
      ['c15'],
      ['d2'],
    ]);
  });

  it('leaves out what has no value, and writes what JSON has no number for', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => ({ value, labels: {} }));
    const request = otlpRequest([figure('none', 0), { ...figure('odd', 0), values }], {}, { startedAt: T0, now: T0 });
    expect(mappingProblems(request)).toEqual([]);
    expect(JSON.stringify(request)).toMatch(/"asDouble":"NaN".*"asDouble":"Infinity"/);
    expect(JSON.stringify(request)).not.toContain('none');
    expect(mappingProblems({ resource_metrics: [] })).not.toEqual([]);
  });
});
