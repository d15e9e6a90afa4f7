/** A Postgres of a benchmark's own (scripts/test-postgres.sh). */
import { execFileSync } from 'node:child_process';

const SCRIPT = 'scripts/test-postgres.sh';

export function hasServer() {
  const found = execFileSync('bash', [
    '-c',
    'ls /usr/lib/postgresql/*/bin/initdb /usr/local/pgsql/bin/initdb 2>/dev/null; command -v initdb || true',
  ]);
  return found.length > 0;
}

export function startDatabase() {
  const text = execFileSync('bash', [SCRIPT, 'start'], { encoding: 'utf8' });
  const [, place] = /HUNTWIRE_TEST_POSTGRES=(\S+)/.exec(text);
  const [, url] = /HUNTWIRE_TEST_DATABASE_URL=(\S+)/.exec(text);
  const run = (verb) =>
    execFileSync('bash', [SCRIPT, verb], { env: { ...process.env, HUNTWIRE_TEST_POSTGRES: place } });
  const urlOn = (port) => Object.assign(new URL(url), { port: String(port) }).href;
  return { url, port: Number(new URL(url).port), urlOn, restart: () => run('restart'), stop: () => run('stop') };
}
