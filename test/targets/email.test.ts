import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EMAIL } from '../../src/formats/presets/email.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { EmailConfig } from '../../src/targets/email/email-schema.ts';
import { resultOfMailFailure } from '../../src/targets/email/mail-failure.ts';
import { portOfMail } from '../../src/targets/email/mailer.ts';
import { configSchema, create } from '../../src/targets/email.ts';
import type { Delivery, Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { type MailServerSettings, type ReceivedMail, startMailServer } from './vendors/email.ts';

const PASSWORD = 'mail-pass-31cf';
const ID = 'a'.repeat(32);
const open: { close(): Promise<void> }[] = [];
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates();
});
afterAll(() => certificates.remove());
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(settings: Partial<MailServerSettings> = {}, changes: Partial<EmailConfig> = {}) {
  const server = await startMailServer({ pair: certificates.server, ...settings });
  const config = {
    type: 'email' as const,
    host: '127.0.0.1',
    port: server.port,
    from: 'Huntwire <huntwire@contoso.example>',
    to: ['soc@contoso.example', 'Boss <boss@contoso.example>'],
    tls: { caFile: certificates.files.caFile },
    ...changes,
  };
  const target = create(config, targetDeps({ preset: EMAIL }));
  open.push(server, target);
  return { server, target };
}

const deliver = (target: Target, delivery: Delivery = sampleDelivery(ID)) => target.deliver(delivery, noSignal());

function headerOf({ raw }: ReceivedMail, name: string): string | null {
  const unfolded = raw.split('\r\n\r\n')[0]?.replaceAll(/\r\n\s+/g, ' ') ?? '';
  return new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? null;
}

describeTarget({
  type: 'email',
  configSchema,
  config: {
    type: 'email',
    host: 'smtp.example',
    port: 465,
    user: 'u',
    password: 'p',
    from: 'Huntwire <huntwire@contoso.example>',
    to: ['soc@contoso.example'],
    tls: { caFile: 'a' },
    ratePerSecond: 1,
  },
  make: async () => {
    const { server, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => server.mails.map((mail) => headerOf(mail, 'Message-ID')?.slice(1, 33) ?? ''),
      stop: async () => undefined,
    };
  },
});

describe('a mail', () => {
  it('goes over STARTTLS, signed in, to all recipients, as a page with plain text', async () => {
    const login = { user: 'huntwire', password: PASSWORD };
    const { server, target } = await start({ login }, { user: 'huntwire', password: new Secret(PASSWORD) });
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: 'huntwire@contoso.example',
      to: ['soc@contoso.example', 'boss@contoso.example'],
      user: 'huntwire',
      isSecure: true,
    });
    expect(headerOf(mail as ReceivedMail, 'Subject')).toBe('[high] Encoded command on pc1');
    expect(headerOf(mail as ReceivedMail, 'Auto-Submitted')).toBe('auto-generated');
    expect(headerOf(mail as ReceivedMail, 'Content-Type')).toMatch(/^multipart\/alternative/);
    expect(mail?.raw).toMatch(/Content-Type: text\/plain; charset=utf-8[\s\S]*Content-Type: text\/html; charset=utf-8/);
  });

  it('says how important it is, by the severity or as the configuration maps that, and no more when it is over', async () => {
    const { server, target } = await start({}, { severityMap: { low: 'low', high: 'normal' } });
    for (const changes of [
      ...(['low', 'medium', 'high', 'critical'] as const).map((severity) => ({ severity })),
      { severity: 'critical' as const, status: 'resolved' as const, revision: 1 },
    ])
      await deliver(target, sampleDelivery(ID, changes));
    expect(server.mails.map((mail) => headerOf(mail, 'Importance'))).toEqual(['Low', null, null, 'High', null]);
  });

  it('is not needed to check the server and the sign-in', async () => {
    const { server, target } = await start();
    expect((await target.check(noSignal())).at(-1)).toMatchObject({ name: 'smtp', ok: true });
    expect(server.mails).toEqual([]);
  });

  it('of an update or a resolve stands in the thread of its alert; a repeat has the id of the first', async () => {
    const { server, target } = await start();
    const first = sampleDelivery(ID);
    const resolved = { ...first.alert, status: 'resolved' as const, revision: 1 };
    await deliver(target, first);
    await deliver(target, first);
    await deliver(target, { messageId: `${ID}-1`, alert: resolved, receipt: null });
    const heads = server.mails.map((mail) =>
      ['Message-ID', 'In-Reply-To', 'References', 'Subject'].map((name) => headerOf(mail, name)),
    );
    const id = `<${ID}@contoso.example>`;
    expect(heads).toEqual([
      [id, null, null, '[high] Encoded command on pc1'],
      [id, null, null, '[high] Encoded command on pc1'],
      [`<${ID}-1@contoso.example>`, id, id, 'Resolved: [high] Encoded command on pc1'],
    ]);
  });

  it('keeps to what mail programs take and shows markup as text, however the alert is', async () => {
    const { server, target } = await start();
    const evil = 'a\r\nBcc: x@y.example\r\n\r\n<script>alert(1)</script> \ud800';
    const evidence = Array.from({ length: 20 }, () => ({ A: '😀'.repeat(20_000), B: evil }));
    expect(await deliver(target, sampleDelivery(ID, { title: evil, description: evil, evidence }))).toEqual({
      kind: 'delivered',
    });
    const [mail] = server.mails;
    expect(mail?.to).toHaveLength(2);
    expect(headerOf(mail as ReceivedMail, 'Bcc')).toBeNull();
    expect(mail?.raw).not.toContain('<script>');
    expect(Buffer.byteLength(mail?.raw ?? '')).toBeLessThan(500_000);
  });

  it('counts as delivered where some recipients get it', async () => {
    const to = (address: string) => (address.startsWith('boss') ? { code: 550, text: '5.1.1 unknown' } : null);
    const { server, target } = await start({ faults: { to } });
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    expect(server.mails[0]?.to).toEqual(['soc@contoso.example']);
  });

  it.each([
    { next: null, got: [['soc@contoso.example'], ['boss@contoso.example']] },
    { next: { code: 550, text: '5.1.1 unknown' }, got: [['soc@contoso.example']] },
  ])('goes again to those alone whom the server puts off, until it is done with them ($got)', async ({ next, got }) => {
    let puts: { code: number; text: string } | null = { code: 450, text: '4.2.0 greylisted' };
    const to = (address: string) => (address.startsWith('boss') ? puts : null);
    const { server, target } = await start({ faults: { to } });
    const reason = expect.stringContaining('450 4.2.0 greylisted');
    for (const _ of [1, 2]) expect(await deliver(target)).toMatchObject({ kind: 'again', reason });
    puts = next;
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    expect(server.mails.map((mail) => mail.to)).toEqual(got);
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
  });

  it.each([
    { step: 'user', code: 535, text: `5.7.8 no: ${PASSWORD}`, kind: 'blocked' },
    { step: 'user', code: 454, text: '4.7.0 later', kind: 'again' },
    { step: 'from', code: 550, text: '5.7.1 not you', kind: 'blocked' },
    { step: 'from', code: 451, text: '4.3.0 busy', kind: 'again' },
    { step: 'data', code: 554, text: '5.6.0 spam', kind: 'refused' },
    { step: 'data', code: 452, text: '4.3.1 no room', kind: 'again' },
  ])('refused at $step with $code is $kind, and the password is shown nowhere', async ({ step, code, text, kind }) => {
    const login = { user: 'huntwire', password: PASSWORD };
    const settings = { login, faults: { [step]: { code, text } } };
    const { target } = await start(settings, { user: 'huntwire', password: new Secret(PASSWORD) });
    const result = await deliver(target);
    expect(result).toMatchObject({ kind, status: code, reason: expect.stringContaining('the mail server answered') });
    const checks = await target.check(noSignal());
    assertLeaksNoSecret([result, checks], [PASSWORD]);
    if (step === 'user') expect(checks.at(-1)?.ok).toBe(false);
  });

  it('all recipients of which are refused blocks the target', async () => {
    const { target } = await start({ faults: { to: () => ({ code: 550, text: '5.1.1 unknown' }) } });
    expect(await deliver(target)).toMatchObject({ kind: 'blocked', status: 550 });
  });

  it('is sent neither to a server whose certificate is not trusted nor, away from this machine, without TLS', async () => {
    const untrusted = await start({}, { tls: {} });
    expect(await deliver(untrusted.target)).toMatchObject({ kind: 'blocked' });
    expect(untrusted.server.mails).toEqual([]);
    const plain = await start({ options: { disabledCommands: ['STARTTLS'] } }, { host: '0.0.0.0' });
    expect(await deliver(plain.target)).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('the mail server answered 500'),
    });
    expect(plain.server.mails).toEqual([]);
  });

  it('may go without TLS to this machine', async () => {
    const { server, target } = await start({ options: { disabledCommands: ['STARTTLS'] } });
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    expect(server.mails[0]?.isSecure).toBe(false);
  });

  it('that cannot be written is a defect of ours, and none of the connection', async () => {
    const { target } = await start();
    const { alert } = sampleDelivery();
    await expect(
      deliver(target, { messageId: ID, alert: { ...alert, rule: null } as never, receipt: null }),
    ).rejects.toThrow(TypeError);
  });

  it('comes again where the server is gone', async () => {
    const { server, target } = await start();
    await server.close();
    expect(await deliver(target)).toMatchObject({ kind: 'again' });
  });
});

describe('a mail server', () => {
  it('is reached with TLS from the beginning at port 465 alone', () => {
    const config = { type: 'email' as const, host: 'h', from: 'a@b', to: ['a@b'] };
    expect([portOfMail(config), portOfMail({ ...config, port: 465 }), portOfMail({ ...config, port: 25 })]).toEqual([
      { port: 587, isTls: false },
      { port: 465, isTls: true },
      { port: 25, isTls: false },
    ]);
  });

  it.each([
    [{ code: 'ETLS' }, 'blocked', 'the connection could not change to TLS'],
    [{ code: 'EDNS' }, 'blocked', 'the host name could not be resolved'],
    [{ code: 'EDNS', originalCode: 'ENOTFOUND' }, 'blocked', 'ENOTFOUND'],
    [{ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }, 'blocked', 'has expired'],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, 'again', 'the connection was refused (ECONNREFUSED)'],
    [{ code: 'ETIMEDOUT' }, 'again', 'timed out'],
    [{ code: 'ENOAUTH' }, 'blocked', 'ENOAUTH'],
    [new Error('x'), 'again', 'the connection failed'],
    [null, 'again', 'the connection failed'],
  ])('that fails with %j is %s', (thrown, kind, reason) => {
    expect(resultOfMailFailure(thrown, String)).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });
});
