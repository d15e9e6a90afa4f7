/**
 * Asks login, API, webhook and syslog at one TLS server whose certificate nobody has signed (argument: a JSON file with its `key` and `cert`),
 * and prints what each says and how many requests or bytes arrived. To be started with NODE_TLS_REJECT_UNAUTHORIZED=0.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { formatNative } from '../../dist/formats/native.js';
import { createMemoryCache } from '../../dist/lib/cache.js';
import { systemClock } from '../../dist/lib/clock.js';
import { silentLog } from '../../dist/lib/log.js';
import { Secret } from '../../dist/lib/secret.js';
import { create as createSource } from '../../dist/sources/graph.js';
import { create as createSyslog } from '../../dist/targets/syslog.js';
import { create as createWebhook } from '../../dist/targets/webhook.js';

let arrived = 0;
const server = createServer(JSON.parse(readFileSync(process.argv[2], 'utf8')), (socket) => {
  socket.on('data', () => {
    arrived += 1;
  });
  socket.on('error', () => undefined);
});
server.on('tlsClientError', () => undefined);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
const url = `https://127.0.0.1:${port}`;
const { signal } = new AbortController();
const deps = {
  name: 'x',
  tenant: 'x',
  clock: systemClock,
  log: silentLog,
  version: '0.0.0',
  cache: createMemoryCache(),
};
const alert = JSON.parse(process.argv[3]);

async function ofSource(authority) {
  const limits = { callsPerMinute: 40, callsPerHour: 1400, maxRows: 10, maxBytes: 1000, concurrency: 1 };
  const auth = { tenantId: 't', clientId: 'c', clientSecret: new Secret('s'), authority };
  const config = { api: 'graph', cloud: 'public', baseUrl: url, timeoutSeconds: 20, limits };
  const source = createSource(config, { ...deps, auth, prompt: () => undefined });
  const sink = { schema: () => undefined, row: () => undefined };
  const said = await source.query({ ruleId: 'r', query: 'T', signal }, sink).then(
    () => 'answered',
    (error) => error.message,
  );
  const checks = await source.check(signal);
  await source.close();
  return [said, checks.find(({ name }) => name === 'tls')?.message];
}

async function ofTarget(create, config) {
  const target = create(config, { ...deps, format: formatNative });
  const result = await target.deliver({ messageId: alert.id, alert }, signal);
  const checks = await target.check(signal);
  await target.close();
  return [`${result.kind}: ${result.reason}`, checks.find(({ name }) => name === 'tls')?.message];
}

const told = {
  source: await ofSource(`${url}/t`),
  webhook: await ofTarget(createWebhook, { type: 'webhook', url: new Secret(`${url}/hook`) }),
  syslog: await ofTarget(createSyslog, { type: 'syslog', host: '127.0.0.1', port, protocol: 'tls' }),
};
console.log(JSON.stringify({ told, arrived }));
server.close();
