import type { HttpConfig } from '../../config/config.ts';
import { undici } from '../../lib/dispatcher.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { isRunnerOn, type StatePlace } from '../../state/state-place.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommonOptions } from '../options.ts';
import { readToLook } from '../read-config.ts';
import { printJson, printLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

interface CheckOptions extends CommonOptions {
  readonly watch: boolean;
}

const PATIENCE_MS = 5 * SECOND_MS;

/**
 * Whether a process holds the state's lock and, where it listens for HTTP, says that it goes on: what a supervisor needs to know to start
 * it anew. Neither Microsoft nor a target can make it fail. Loads no rules.
 */
export async function checkAlive(world: World, { config: file, format, watch }: CheckOptions): Promise<number> {
  if (watch) throw new HuntwireError('USAGE', '--check looks once: leave --watch out.');
  const { config } = readToLook(world, file);
  const reason = (await lockLack(config.state)) ?? (config.http && (await httpLack(config.http)));
  if (format === 'json') printJson(world, { alive: reason === null, reason });
  else printLine(world, reason ?? 'A runner is alive.');
  return reason === null ? EXIT.ok : EXIT.failed;
}

async function lockLack(place: StatePlace): Promise<string | null> {
  try {
    return (await isRunnerOn(place)) ? null : 'No runner is alive: nothing holds the lock of the state.';
  } catch (thrown) {
    return `Whether a runner is alive cannot be told: ${toHuntwireError(thrown).message}`;
  }
}

/** What listens anywhere is asked on this machine; a port that the system chose nobody knows. */
async function httpLack({ host, port, basePath }: HttpConfig): Promise<string | null> {
  if (port === 0) return null;
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '[::]' ? '[::1]' : host;
  const url = `http://${own}:${port}${basePath.replace(/\/$/, '')}/livez`;
  const limits = { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { statusCode, body } = await undici().request(url, { ...limits, signal });
    const text = await body.text();
    return statusCode === 200 ? null : `The runner does not go on: ${url} answered ${statusCode} ${text.slice(0, 500)}`;
  } catch (thrown) {
    return `The runner does not answer at ${url}: ${toHuntwireError(thrown).message}`;
  }
}
