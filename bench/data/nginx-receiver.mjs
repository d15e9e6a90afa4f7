/**
 * nginx with one worker as a receiver of requests: it answers each with 204 and reads what was sent, and costs a third of what a server
 * in Node does, so that on two cores the side that sends is what is measured. It counts its requests itself (`stub_status`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 10_000;
const COUNT = /^\s*\d+\s+\d+\s+(\d+)\s*$/m;

/** Its port, how many requests it has answered so far, and its end; null where it is not installed or does not start. */
export async function startNginx() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-nginx-'));
  const port = await freePort();
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, port));
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  let hasEnded = false;
  const ended = once(child, 'exit')
    .catch(() => undefined)
    .then(() => {
      hasEnded = true;
      rmSync(folder, { recursive: true, force: true });
    });
  const isUp = await until(async () => hasEnded || (await countOf(port)) !== null);
  if (hasEnded || !isUp) return null;
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  // Each look at the count is a request as well.
  let looks = 0;
  const requests = async () => (await countOf(port)) - ++looks;
  await requests();
  return { port, requests, close };
}

function configOf(folder, port) {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${folder}/${one};`,
  );
  return `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/logs/error.log crit;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; client_body_buffer_size 64k;
  ${places.join(' ')}
  server {
    listen 127.0.0.1:${port};
    location / { return 204; }
    location = /requests { stub_status; }
  }
}
`;
}

async function countOf(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/requests`).catch(() => null);
  const [, count] = COUNT.exec((await answer?.text()) ?? '') ?? [];
  return count === undefined ? null : Number(count);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function until(holds) {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await holds()) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}
