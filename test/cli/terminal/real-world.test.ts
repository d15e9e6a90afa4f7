import { EventEmitter, setMaxListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld } from '../../../src/cli/terminal/real-world.ts';

afterEach(() => setMaxListeners(10));

function fakeHost(): NodeJS.Process {
  const stream = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
  const host = {
    stdout: stream,
    stderr: stream,
    stdin: { isTTY: false },
    env: {},
    cwd: () => '/',
    exit: () => undefined,
  };
  return Object.assign(new EventEmitter(), host) as unknown as NodeJS.Process;
}

describe('the world of a real process', () => {
  it('has as many wait for its end as there are tenants and targets, and warns of none', async () => {
    const warned: string[] = [];
    const listen = ({ name }: Error): void => void warned.push(name);
    process.on('warning', listen);
    try {
      const { signal } = createWorld(fakeHost());
      const { signal: later } = new AbortController();
      for (const one of [signal, later])
        for (let count = 0; count < 30; count += 1) one.addEventListener('abort', () => undefined);
      await new Promise((done) => setImmediate(done));
    } finally {
      process.off('warning', listen);
    }
    expect(warned).toEqual([]);
  });

  it('ends with the first SIGTERM', () => {
    const host = fakeHost();
    const { signal } = createWorld(host);
    expect(signal.aborted).toBe(false);
    host.emit('SIGTERM');
    expect(signal.aborted).toBe(true);
  });
});
