import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cefField, startSyslogReceiver } from '../../src/emulator/syslog-receiver.ts';
import type { Receiver } from '../../src/emulator/webhook-receiver.ts';

const HEADER = '<132>1 2026-01-10T12:00:00.000Z pc huntwire 7 alert - ';

let open: Receiver[] = [];
afterEach(async () => {
  await Promise.all(open.map((receiver) => receiver.close()));
  open = [];
});

/** Sends pieces one after another and waits until the receiver has read so many messages or closed. */
async function exchange(pieces: readonly (string | Buffer)[], count: number) {
  const payloads: string[] = [];
  const garbage: string[] = [];
  let enough: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const receiver = await startSyslogReceiver({
    onMessage: ({ payload }) => {
      payloads.push(payload);
      if (payloads.length >= count) enough();
    },
    onGarbage: (reason) => {
      garbage.push(reason);
      if (payloads.length + garbage.length >= count) enough();
    },
  });
  open.push(receiver);
  const socket = connect(receiver.port, '127.0.0.1').setNoDelay(true);
  socket.on('error', () => undefined);
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  await done;
  socket.destroy();
  return { payloads, garbage };
}

function frame(text: string): string {
  return `${Buffer.byteLength(text)} ${text}`;
}

describe('the syslog receiver', () => {
  it('reads frames wherever they are cut', async () => {
    const texts = ['CEF:0|one', 'CEF:0|zwölf €', 'CEF:0|with\nline feed'];
    const bytes = Buffer.from(texts.map((text) => frame(HEADER + text)).join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        expect(await exchange(pieces, texts.length)).toEqual({ payloads: texts, garbage: [] });
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['a line without a count', 'hello world\n'],
    ['a count of nothing', `0 ${HEADER}x`],
    ['a count beyond reason', `9999999 ${HEADER}x`],
    ['digits without end', '12345678901234567890'],
  ])('closes on %s', async (_, text) => {
    const { payloads, garbage } = await exchange([text], 1);
    expect(payloads).toEqual([]);
    expect(garbage).toEqual(['a frame does not begin with its length']);
  });

  it('tells a frame that holds no message of RFC 5424, and reads on', async () => {
    const { payloads, garbage } = await exchange([frame('Jan 10 12:00:00 pc huntwire: x') + frame(`${HEADER}y`)], 1);
    expect(payloads).toEqual(['y']);
    expect(garbage).toEqual(['a message has no header of RFC 5424']);
  });
});

describe('a CEF field', () => {
  const payload =
    'CEF:0|Huntwire|Huntwire|1.0|r|a \\| b|8|externalId=abc cn1=0 cn1Label=revision msg=a \\= b c=1 act=x y';
  it.each([
    ['externalId', 'abc'],
    ['cn1', '0'],
    ['cn1Label', 'revision'],
    ['msg', 'a = b'],
    ['act', 'x y'],
    ['nothing', null],
  ])('%s is read whole and without its escapes', (key, value) => {
    expect(cefField(payload, key)).toBe(value);
  });
});
