import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../src/targets/webhook.ts';
import { freePort } from '../lib/free-port.ts';
import { noSignal, sampleAlert, sampleDelivery, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, makeFolder, programProblem, type Receiver, startReceiver } from './receivers.ts';

const SECRET = 'a secret of both sides, Größe';

/** One hook that runs a script with two fields of a payload whose signature is right, and keeps what it was given. */
function hooks(folder: string): string {
  const parameter = { source: 'header', name: 'X-Hub-Signature-256' };
  const hook = {
    id: 'alert',
    'execute-command': join(folder, 'keep.sh'),
    'command-working-directory': folder,
    'include-command-output-in-response': true,
    'http-methods': ['POST'],
    'pass-arguments-to-command': [
      { source: 'payload', name: 'id' },
      { source: 'payload', name: 'title' },
    ],
    'trigger-rule': { match: { type: 'payload-hmac-sha256', secret: SECRET, parameter } },
    'trigger-rule-mismatch-http-response-code': 403,
  };
  return JSON.stringify([hook]);
}

describeWith(programProblem('webhook'), 'the program webhook', () => {
  let receiver: Receiver;
  let port = 0;
  const targets: Target[] = [];

  beforeAll(async () => {
    const folder = makeFolder();
    port = await freePort();
    writeFileSync(join(folder, 'hooks.json'), hooks(folder));
    writeFileSync(join(folder, 'keep.sh'), '#!/bin/sh\nprintf "%s %s\\n" "$1" "$2" >>kept\n');
    chmodSync(join(folder, 'keep.sh'), 0o755);
    const args = ['-hooks', join(folder, 'hooks.json'), '-ip', '127.0.0.1', '-port', String(port), '-verbose'];
    receiver = await startReceiver(folder, 'webhook', args, port);
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(() => receiver?.stop());

  function deliver(signing: WebhookConfig['signing'], title: string): Promise<DeliveryResult> {
    const url = new Secret(`http://127.0.0.1:${port}/hooks/alert`);
    const target = create({ type: 'webhook', url, ...(signing && { signing }) }, targetDeps());
    targets.push(target);
    return target.deliver(sampleDelivery(undefined, { title }), noSignal());
  }

  it('takes what is signed as GitHub signs, to the last character', async () => {
    const title = 'Encoded "command" — 100 % 日本語';
    expect(await deliver({ style: 'github', secrets: [new Secret(SECRET)] }, title)).toEqual({ kind: 'delivered' });
    expect(receiver.read('kept')).toBe(`${sampleAlert().id} ${title}\n`);
  });

  it.each([
    // It calls a signature that does not fit an error of its own.
    ['another secret', { style: 'github', secrets: [new Secret('another')] } as const, 'again', 500],
    ['another style', { style: 'standard', secrets: [new Secret(SECRET)] } as const, 'blocked', 403],
    ['no secret', undefined, 'blocked', 403],
  ])('does nothing for %s, and the alert waits until that is mended', async (_name, signing, kind, status) => {
    expect(await deliver(signing, 'unheard')).toMatchObject({ kind, status });
    expect(receiver.read('kept')).not.toContain('unheard');
  });
});
