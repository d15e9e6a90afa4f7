import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { LogFields } from '../../src/lib/log.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createRenewed } from '../../src/lib/renewed.ts';
import { Secret, secretsIn } from '../../src/lib/secret.ts';

function stage(first = 'one') {
  const world: { text: string; trouble: string | null } = { text: first, trouble: null };
  const secret = new Secret({ text: () => world.text, trouble: () => world.trouble });
  const told: [string, LogFields | undefined][] = [];
  const retired: string[] = [];
  const make = (): string => {
    const text = secret.reveal();
    if (text === 'bad') throw new HuntwireError('CONFIG_INVALID', 'targets.soar.url: write a URL.');
    return `made of ${text}`;
  };
  const log = {
    ...silentLog,
    warn: (message: string, fields?: LogFields) => told.push([message, fields]),
    info: (message: string, fields?: LogFields) => told.push([message, fields]),
  };
  const settings = { auth: { deep: [secret] }, url: new Secret('fixed'), port: 1, none: null };
  const part = createRenewed({ settings, make, where: 'targets.soar', log, retire: (old) => retired.push(old) });
  return { world, part, told, retired };
}

describe('a part that is made of secrets', () => {
  it('is made anew when one has changed, and the old one is let go', () => {
    const { world, part, told, retired } = stage();
    expect([part.current(), part.current()]).toEqual(['made of one', 'made of one']);
    world.text = 'two';
    expect([part.current(), part.current()]).toEqual(['made of two', 'made of two']);
    expect(retired).toEqual(['made of one']);
    expect(told).toEqual([['A secret has changed and is used from now on', { where: 'targets.soar' }]]);
  });

  it('stays where the new one cannot be used, which is told once', () => {
    const { world, part, told, retired } = stage();
    world.text = 'bad';
    expect([part.current(), part.current()]).toEqual(['made of one', 'made of one']);
    expect(told).toEqual([
      [
        'A secret has changed to what cannot be used: the one before is used',
        { where: 'targets.soar', reason: 'targets.soar.url: write a URL.' },
      ],
    ]);
    world.text = 'three';
    expect(part.current()).toBe('made of three');
    expect(retired).toEqual(['made of one']);
  });

  it('tells once that a file cannot be read, and again when that was over in between', () => {
    const { world, part, told } = stage();
    for (const trouble of ['gone', 'gone', null, 'gone']) {
      world.trouble = trouble;
      part.current();
    }
    expect(told.map(([, fields]) => fields?.reason)).toEqual(['gone', 'gone']);
  });

  it('may be made anew although nothing has changed', () => {
    const { part, retired } = stage();
    part.renew();
    expect([part.current(), retired]).toEqual(['made of one', ['made of one']]);
  });

  it('says at once where it cannot be made at all', () => {
    expect(() => stage('bad')).toThrow('write a URL');
  });
});

describe('a secret that may change', () => {
  it('knows its latest texts, each once, and prints none', () => {
    let text = 's0';
    const secret = new Secret({ text: () => text, trouble: () => 'gone' });
    for (const next of ['s1', 's2', 's1', 's3', 's4', 's5', 's6', 's7', 's8', 's9']) {
      text = next;
      expect(secret.reveal()).toBe(next);
    }
    expect(secret.texts()).toEqual(['s9', 's8', 's7', 's6', 's5', 's4', 's3', 's1']);
    expect(secret.texts()).toBe(secret.texts());
    expect(`${secret} ${JSON.stringify(secret)}`).toBe('*** "***"');
    expect([secret.mayChange(), secret.trouble()]).toEqual([true, 'gone']);
    expect([new Secret('x').mayChange(), new Secret('x').trouble()]).toEqual([false, null]);
    expect(secretsIn([{ a: secret }, null, 'text', new Map()])).toEqual([secret]);
  });
});
