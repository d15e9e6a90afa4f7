import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Format } from '../../../src/formats/format.ts';
import { printUsAscii, tag } from '../../../src/targets/syslog/header-text.ts';
import { renderFrame } from '../../../src/targets/syslog/message.ts';
import { type MessageSettings, messageSettings, type SyslogConfig } from '../../../src/targets/syslog/settings.ts';
import { anyCharacter } from '../../any-character.ts';
import { sampleDelivery, shrinkingFormat } from '../sample-alert.ts';
import { readMessage5424, readOctetFrames } from '../syslog-receiver.ts';

function settings(config: Partial<SyslogConfig> = {}): MessageSettings {
  return { ...messageSettings({ type: 'syslog', host: 'h', hostname: 'sensor', ...config }), processId: '42' };
}
function render(config: Partial<SyslogConfig> = {}, format: Format = shrinkingFormat, changes = {}): string {
  return renderFrame(settings(config), format, sampleDelivery('0'.repeat(32), changes)) ?? 'does not fit';
}
const text =
  (body: string, contentType = 'text/plain'): Format =>
  () => ({ body, contentType });

describe('RFC 5424', () => {
  it('has the header fields in order, six digits of a second, no data and no BOM', () => {
    const frame = render({ protocol: 'udp' }, text('hello'));
    expect(frame).toBe('<131>1 2026-11-05T09:07:03.123456Z sensor huntwire 42 detection - hello');
  });

  it.each([
    ['critical', 130],
    ['high', 131],
    ['medium', 132],
    ['low', 133],
    ['informational', 134],
  ])('maps %s to priority %i of local0', (severity, priority) => {
    expect(render({ protocol: 'udp' }, text('x'), { severity })).toMatch(new RegExp(`^<${priority}>1 `));
  });

  it('takes the facility by its name', () => {
    expect(render({ protocol: 'udp', facility: 'auth' }, text('x'))).toMatch(/^<35>/);
    expect(render({ protocol: 'udp', facility: 'kern' }, text('x'))).toMatch(/^<3>/);
    expect(render({ protocol: 'udp', facility: 'local7' }, text('x'))).toMatch(/^<187>/);
  });

  it('keeps every header field to one word of printable ASCII', () => {
    const frame = render({ protocol: 'udp', appName: 'my app\n<1>', hostname: 'größe 1' }, text('x'));
    expect(frame).toContain(' gr__e_1 my_app_<1> 42 ');
  });

  it('carries structured data once there is an enterprise number', () => {
    const message = readMessage5424(render({ protocol: 'udp', enterpriseNumber: 4711 }, text('x')));
    expect(message.data).toEqual({
      messageId: '0'.repeat(32),
      alertId: '0'.repeat(32),
      revision: '0',
      status: 'firing',
      severity: 'high',
      tenant: 'contoso',
      ruleId: 'encoded-powershell',
      ruleName: 'Encoded "PowerShell" [test] \\ Größe',
    });
    expect(render({ protocol: 'udp', enterpriseNumber: 4711 }, text('x'))).toContain(' [huntwire@4711 messageId="');
  });
});

describe('a value of structured data', () => {
  const nameOf = (name: string) => {
    const { alert, messageId } = sampleDelivery();
    return readMessage5424(
      renderFrame(settings({ protocol: 'udp', enterpriseNumber: 1 }), text('x'), {
        messageId,
        alert: { ...alert, rule: { ...alert.rule, name } },
        receipt: null,
      }) ?? '',
    ).data?.ruleName;
  };

  it('has at most 128 characters, however wide, and no control characters', () => {
    expect(nameOf('a'.repeat(128))).toBe('a'.repeat(128));
    expect(nameOf('a'.repeat(300))).toBe('a'.repeat(128));
    expect(nameOf(`a${'😀'.repeat(300)}`)).toBe(`a${'😀'.repeat(127)}`);
    expect(nameOf('a\n\u0000\u007fb"]\\')).toBe('a b"]\\');
    expect(nameOf('a\u009b31m\u202eb\u2028c')).toBe('a 31mb c');
  });
});

describe('header fields of which nothing is left', () => {
  it('are a hyphen', () => {
    expect([printUsAscii('', 10), tag('')]).toEqual(['-', '-']);
    expect([printUsAscii('\x20~!', 10), tag('~a')]).toEqual(['_~!', '_a']);
  });
});

describe('the time of RFC 5424', () => {
  it.each([
    ['2026-11-05T09:07:03Z', '2026-11-05T09:07:03Z'],
    ['2026-11-05T09:07:03.12Z', '2026-11-05T09:07:03.12Z'],
    ['2026-11-05T09:07:03.123456Z', '2026-11-05T09:07:03.123456Z'],
    ['2026-11-05T09:07:03.1234567Z', '2026-11-05T09:07:03.123456Z'],
  ])('%s is sent as %s', (time, sent) => {
    expect(readMessage5424(render({ protocol: 'udp' }, text('x'), { time })).time).toBe(sent);
  });
});

describe('RFC 3164', () => {
  it('has a padded day, a tag with the process id and no year', () => {
    const frame = render({ protocol: 'udp', header: 'rfc3164' }, text('CEF:0|x'));
    expect(frame).toBe('<131>Nov  5 09:07:03 sensor huntwire[42]: CEF:0|x');
  });

  it('keeps the tag to what receivers read as one', () => {
    const frame = render({ protocol: 'udp', header: 'rfc3164', appName: `a b:c[${'d'.repeat(60)}` }, text('x'));
    expect(frame).toContain(` a_b_c_${'d'.repeat(26)}[42]: `);
  });
});

describe('framing', () => {
  it('counts bytes, not characters', () => {
    expect(readOctetFrames(render({}, text('Größe €')) + render({}, text('second')))).toHaveLength(2);
  });

  it('keeps a line feed inside an octet-counted message and removes it from a line', () => {
    expect(readOctetFrames(render({}, text('a\nb')))[0]).toMatch(/a\nb$/);
    expect(render({ framing: 'lf' }, text('a\r\nb\nc\0d'))).toMatch(/ a\\nb\\nc\\nd\n$/);
    expect(render({ framing: 'lf' }, text('{\n"a":1}', 'application/json'))).toMatch(/ \{ "a":1\}\n$/);
  });
});

describe('the size', () => {
  it('is told to the format without the header, and is kept', () => {
    const long = { title: 'x'.repeat(20_000) };
    const [message = ''] = readOctetFrames(render({ maxMessageBytes: 500 }, shrinkingFormat, long));
    expect(Buffer.byteLength(message)).toBe(500);
    expect(JSON.parse(readMessage5424(message).body)).toMatchObject({ id: '0'.repeat(32) });
  });

  it('is at most a datagram with UDP', () => {
    expect(settings({ protocol: 'udp', maxMessageBytes: 1_000_000 }).maxMessageBytes).toBe(65_507);
    expect(settings({ protocol: 'tcp', maxMessageBytes: 1_000_000 }).maxMessageBytes).toBe(1_000_000);
  });

  it('may be used to the last byte, and not beyond', () => {
    const header = Buffer.byteLength(render({ protocol: 'udp' }, text('')));
    const config = settings({ protocol: 'udp', maxMessageBytes: 480 });
    const fits = (bytes: number) => renderFrame(config, text('x'.repeat(bytes)), sampleDelivery()) !== null;
    expect([fits(480 - header), fits(481 - header)]).toEqual([true, false]);
    const told: (number | null)[] = [];
    const curious: Format = (_alert, { maxBytes }) => {
      told.push(maxBytes);
      return { body: '', contentType: 'text/plain' };
    };
    renderFrame(config, curious, sampleDelivery());
    expect(told).toEqual([480 - header]);
    const tight = (bytes: number) => renderFrame({ ...config, maxMessageBytes: bytes }, curious, sampleDelivery());
    expect([tight(header - 1), tight(header), tight(header + 1) === null]).toEqual([null, null, false]);
    expect(told).toHaveLength(2);
  });

  it('that a format cannot keep makes no message', () => {
    expect(renderFrame(settings({ maxMessageBytes: 480 }), text('x'.repeat(480)), sampleDelivery())).toBeNull();
    const crowded = settings({ maxMessageBytes: 480, enterpriseNumber: 1, hostname: 'h'.repeat(255) });
    expect(renderFrame(crowded, shrinkingFormat, sampleDelivery())).toBeNull();
  });
});

describe('any alert', () => {
  it('makes a message that a strict reader takes apart again', () => {
    const hostile = fc.string({ unit: anyCharacter, maxLength: 300 });
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (name, title, host, lines) => {
        const base = sampleDelivery();
        const alert = { ...base.alert, title, tenant: name, rule: { ...base.alert.rule, name } };
        const config = settings({ hostname: host, enterpriseNumber: 9, framing: lines ? 'lf' : 'octet' });
        const frame = renderFrame(config, shrinkingFormat, { ...base, alert }) ?? '';
        const messages = lines ? frame.split('\n').slice(0, -1) : readOctetFrames(frame);
        expect(messages).toHaveLength(1);
        const message = readMessage5424(messages[0] ?? '');
        expect(JSON.parse(message.body)).toMatchObject({ id: alert.id });
        expect(message.data?.ruleId).toBe('encoded-powershell');
      }),
    );
  });
});
