import { PassThrough, Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { formatNative } from '../../src/formats/native.ts';
import { configSchema, create, createStreamTarget } from '../../src/targets/stdout.ts';
import { describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';

describeTarget({
  type: 'stdout',
  configSchema,
  config: { type: 'stdout', format: 'native' },
  make: async () => {
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    const target = createStreamTarget(targetDeps(), stream);
    const received = async (): Promise<string[]> =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).id);
    return { target, passTime: async () => undefined, received, stop: () => target.close() };
  },
});

describe('the stdout target', () => {
  it('prints nothing that a terminal obeys or hides, and JSON that says the same', async () => {
    const stream = new PassThrough();
    const title = 'a\u009b2J\u202eb##[group]';
    for (const format of [formatNative, () => ({ body: `x ${title}`, contentType: 'text/plain' })]) {
      const target = createStreamTarget(targetDeps({ format }), stream);
      await target.deliver(sampleDelivery(undefined, { title }), noSignal());
    }
    stream.end();
    const [json = '', text] = (await textOf(stream)).split('\n');
    expect(json).not.toMatch(/[\u0080-\u009f\u202e]|##\[/);
    expect(JSON.parse(json)).toMatchObject({ title });
    expect(text).toBe('x a 2J\ufffdb##[group]');
  });

  it('writes to standard output and leaves it open', async () => {
    const target = create({ type: 'stdout' }, targetDeps());
    const listeners = process.stdout.listenerCount('error');
    await target.close();
    expect(process.stdout.writable).toBe(true);
    expect(process.stdout.listenerCount('error')).toBe(listeners - 1);
  });

  it('blocks when nobody reads any more, and does not end the process', async () => {
    const broken = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const target = createStreamTarget(targetDeps(), broken);
    const expected = {
      kind: 'blocked',
      reason: 'nobody reads standard output any more',
      status: null,
      retryAfterMs: null,
    };
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual(expected);
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual(expected);
  });
});
