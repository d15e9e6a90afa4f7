import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { commitAlerts, START, sampleAlert, sampleMessage } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, NEVER, REFUSED } from './scene.ts';

const ids = (count: number, prefix = 'a'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);

describe('running', () => {
  it('delivers what is pending at start and what is committed later', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.start();
    expect(soar.seen).toEqual(['a1', 'a2']);
    await commitAlerts(scene.store, ['a3'], ['soar']);
    scene.loop.poke();
    await scene.clock.advance(0);
    expect(soar.seen).toEqual(['a1', 'a2', 'a3']);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('finds what another process has put back without being told', async () => {
    const soar = fakeTarget('soar', () => REFUSED);
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    const [letter] = await scene.store.deadLetters({ target: null, ids: null });
    soar.answer = () => DELIVERED;
    await scene.store.replay([letter?.id ?? 0], scene.clock.now());
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a1']);
  });

  it('keeps to the concurrency of the target', async () => {
    let inFlight = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const soar = fakeTarget('soar', async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise<void>((resolve) => waiting.push(resolve));
      inFlight -= 1;
      return DELIVERED;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(20), ['soar']);
    await scene.start();
    while (soar.seen.length < 20 || waiting.length > 0) {
      waiting.shift()?.();
      await scene.clock.advance(1);
    }
    await scene.stop();
    expect(most).toBe(4);
    expect(new Set(soar.seen).size).toBe(20);
  });

  it('keeps to the rate of the target', async () => {
    const soar = fakeTarget('soar', () => DELIVERED, { ratePerSecond: 2 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(10), ['soar']);
    await scene.start();
    const counts: number[] = [];
    for (let second = 0; second < 3; second += 1) {
      counts.push(soar.seen.length);
      await scene.clock.advance(1000);
    }
    await scene.stop();
    expect(counts).toEqual([1, 3, 5]);
  });

  it('works through more entries than it fetches at once, each exactly once', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(1500), ['soar']);
    await scene.start();
    await scene.clock.advance(1000);
    await scene.stop();
    expect([...soar.seen].sort()).toEqual(ids(1500));
  });

  it('hands a receipt back with the next message of the alert', async () => {
    const receipts: (string | null)[] = [];
    const soar = fakeTarget('soar', ({ receipt }) => {
      receipts.push(receipt);
      return { kind: 'delivered', receipt: 'SOC-1' };
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(50);
    const later = sampleAlert('a1', { revision: 1 });
    await scene.store.commitHealth({ alerts: [later], messages: [sampleMessage(later, 'soar')], health: [] });
    scene.loop.poke();
    await scene.clock.advance(50);
    await scene.stop();
    expect(receipts).toEqual([null, 'SOC-1']);
  });

  it('stores acknowledgements in batches', async () => {
    const soar = fakeTarget('soar', () => DELIVERED, { concurrency: 50 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(1000), ['soar']);
    const sizes: number[] = [];
    const store = {
      ...scene.store,
      delivered: async (done: readonly number[], at: number) => {
        sizes.push(done.length);
        await scene.store.delivered(done, at);
      },
    };
    const counted = createScene({ targets: [soar], store, clock: scene.clock });
    await counted.start();
    await counted.clock.advance(1000);
    await counted.stop();
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000);
    expect(sizes.length).toBeLessThanOrEqual(8);
  });

  it('stores a lone acknowledgement within 50 ms while another delivery hangs', async () => {
    const soar = fakeTarget('soar', ({ messageId }) => (messageId === 'a0000' ? NEVER : DELIVERED));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(2), ['soar']);
    await scene.start();
    await scene.clock.advance(50);
    expect(await scene.pending('soar')).toEqual(['a0000']);
    await scene.stop();
  });
});

describe('isolation', () => {
  it('lets a hanging and a throwing target delay no other', async () => {
    const hanging = fakeTarget('hanging', () => NEVER);
    const throwing = fakeTarget('throwing', () => {
      throw new TypeError('defect');
    });
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [hanging, throwing, soar] });
    await commitAlerts(scene.store, ids(100), ['hanging', 'throwing', 'soar']);
    await scene.start();
    await scene.clock.advance(100);
    expect(soar.seen).toHaveLength(100);
    expect(hanging.seen).toHaveLength(4);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
    expect(await scene.pending('hanging')).toHaveLength(100);
    expect(await scene.pending('throwing')).toHaveLength(100);
  });

  it('takes an exception as a defect: logged, and the entry comes again', async () => {
    const soar = fakeTarget('soar', () => {
      throw new TypeError('x is not a function');
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    expect(scene.logged.find((line) => line.level === 'error')?.fields).toMatchObject({
      reason: 'x is not a function',
    });
    soar.answer = () => DELIVERED;
    await scene.clock.advance(2000);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a1']);
    expect(await scene.pending('soar')).toEqual([]);
  });
});

describe('an entry to try again', () => {
  it('backs off longer each time and keeps its followers behind it', async () => {
    const soar = fakeTarget('soar', () => again());
    const scene = createScene({ targets: [soar], random: () => 0.999_999 });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar'], 'one-key');
    await scene.start();
    const at: number[] = [];
    for (let second = 0; second < 31; second += 1) {
      if (soar.seen.length > at.length) at.push(second);
      await scene.clock.advance(1000);
    }
    expect(at).toEqual([0, 2, 6, 14, 30]);
    expect(new Set(soar.seen)).toEqual(new Set(['a1']));
    soar.answer = () => DELIVERED;
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.seen.slice(-2)).toEqual(['a1', 'a2']);
  });

  it('waits at least as long as the receiver asks', async () => {
    const soar = fakeTarget('soar', () => again(120_000));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(119_000);
    expect(soar.seen).toHaveLength(1);
    await scene.clock.advance(1000);
    expect(soar.seen).toHaveLength(2);
    await scene.stop();
  });

  it.each([
    { name: 'is dead after 72 hours of attempts', pauseMs: 5 * HOUR_MS, attempts: 16 },
    { name: 'grows by six hours at most from one attempt to the next', pauseMs: 2 * DAY_MS, attempts: 13 },
  ])('$name', async ({ pauseMs, attempts }) => {
    const soar = fakeTarget('soar', () => again());
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    for (let attempt = 1; attempt < attempts; attempt += 1) {
      await scene.clock.advance(pauseMs);
      await scene.drain();
    }
    expect(await scene.store.deadLetters({ target: null, ids: null })).toEqual([]);
    await scene.clock.advance(pauseMs);
    await scene.drain();
    const [letter] = await scene.store.deadLetters({ target: null, ids: null });
    expect(letter).toMatchObject({ messageId: 'a1', status: 503, reason: 'not delivered within 72 hours: HTTP 503' });
    expect(letter).toMatchObject({ attempts });
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('gets one attempt however old it is', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.clock.advance(10 * DAY_MS);
    await scene.start();
    await scene.stop();
    expect(soar.seen).toEqual(['a1']);
  });
});

describe('a refused entry', () => {
  it('is a dead letter at once, and the other targets are told, once', async () => {
    const soar = fakeTarget('soar', () => REFUSED);
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [soar, mail], healthTargets: ['soar', 'mail'] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.start();
    await scene.clock.advance(100);
    expect(await scene.store.deadLetters({ target: 'soar', ids: null })).toMatchObject([
      { messageId: 'a1', status: 422, reason: 'HTTP 422', answer: 'no such field', attempts: 1 },
      { messageId: 'a2' },
    ]);
    expect(mail.seen).toEqual(['firing dead-letter soar']);
    expect(soar.seen).toEqual(['a1', 'a2']);
    const letters = await scene.store.deadLetters({ target: null, ids: null });
    await scene.store.drop(letters.map((letter) => letter.id));
    await scene.clock.advance(2 * MINUTE_MS);
    await scene.stop();
    expect(mail.seen).toEqual(['firing dead-letter soar', 'resolved dead-letter soar']);
    expect(await scene.store.openHealth()).toEqual([]);
  });

  it('does not start an endless exchange when the health alert is refused too', async () => {
    const targets = [fakeTarget('soar', () => REFUSED), fakeTarget('mail', () => REFUSED)];
    const scene = createScene({ targets, healthTargets: ['soar', 'mail'] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(HOUR_MS);
    await scene.stop();
    expect(targets.map((target) => target.seen.length)).toEqual([2, 1]);
  });

  it('keeps the first kilobyte of the answer', async () => {
    const soar = fakeTarget('soar', () => ({
      kind: 'refused',
      reason: 'HTTP 400',
      status: 400,
      answer: 'x'.repeat(5000),
    }));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.drain();
    expect((await scene.store.deadLetters({ target: null, ids: null }))[0]?.answer).toBe('x'.repeat(1024));
  });
});

describe('a blocked target', () => {
  it('gets one probe at a time with growing pauses, then everything', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const scene = createScene({ targets: [soar], random: () => 0.999_999 });
    await commitAlerts(scene.store, ids(50), ['soar']);
    await scene.start();
    expect(soar.seen).toHaveLength(4);
    await scene.clock.advance(100);
    expect(soar.seen).toHaveLength(4);
    await scene.clock.advance(1900);
    expect(soar.seen).toHaveLength(5);
    await scene.clock.advance(4000);
    expect(soar.seen).toHaveLength(6);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(8100);
    await scene.stop();
    expect(new Set(soar.seen).size).toBe(50);
    expect(await scene.pending('soar')).toEqual([]);
    expect((await scene.store.targetState('soar')).blockedSince).toBeNull();
  });

  it('raises a health alert with the other targets and resolves it', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [soar, mail], healthTargets: ['mail', 'soar'] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(100);
    expect(mail.seen).toEqual(['firing target-blocked soar']);
    expect(await scene.store.openHealth()).toMatchObject([{ code: 'target-blocked', subject: 'soar', since: START }]);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(5000);
    await scene.stop();
    expect(mail.seen).toEqual(['firing target-blocked soar', 'resolved target-blocked soar']);
    expect(await scene.store.openHealth()).toEqual([]);
  });

  it('works again when a probe is refused: the target answers', async () => {
    const answers = [BLOCKED, REFUSED];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED, { concurrency: 1 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(3), ['soar']);
    await scene.start();
    await scene.clock.advance(5000);
    await scene.stop();
    expect(soar.seen).toHaveLength(4);
    expect(await scene.store.targetCounts()).toMatchObject([{ target: 'soar', pending: 0, dead: 1 }]);
  });

  it('stays blocked while probes come back to be tried again', async () => {
    const answers = [BLOCKED, again(), again()];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED, { concurrency: 1 });
    const scene = createScene({ targets: [soar], random: () => 0.999_999 });
    await commitAlerts(scene.store, ids(3), ['soar']);
    await scene.start();
    await scene.clock.advance(6000);
    expect(await scene.store.targetState('soar')).toMatchObject({ blockedSince: START, probes: 3 });
    await scene.clock.advance(9000);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('is remembered across a restart', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const scene = createScene({ targets: [soar], random: () => 0.999_999 });
    await commitAlerts(scene.store, ids(10), ['soar']);
    await scene.start();
    await scene.stop();
    const before = soar.seen.length;
    await scene.start();
    await scene.clock.advance(1500);
    expect(soar.seen).toHaveLength(before);
    await scene.clock.advance(1000);
    expect(soar.seen).toHaveLength(before + 1);
    await scene.stop();
    expect((await scene.store.openHealth()).map((one) => one.since)).toEqual([START]);
  });

  it.each([
    { name: 'loses its entries to the dead letters after 72 hours of probes', pauseMs: 5 * HOUR_MS, probes: 16 },
    { name: 'ages them by six hours at most from one probe to the next', pauseMs: 10 * DAY_MS, probes: 13 },
  ])('$name', async ({ pauseMs, probes }) => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [soar, mail], healthTargets: ['mail'] });
    await commitAlerts(scene.store, ids(10), ['soar']);
    for (let probe = 1; probe < probes; probe += 1) {
      await scene.clock.advance(pauseMs);
      await scene.drain();
    }
    await commitAlerts(scene.store, ['young'], ['soar']);
    expect(await scene.store.deadLetters({ target: 'soar', ids: null })).toEqual([]);
    await scene.clock.advance(pauseMs);
    await scene.drain();
    expect(await scene.store.deadLetters({ target: 'soar', ids: null })).toHaveLength(10);
    expect(await scene.pending('soar')).toEqual(['young']);
    expect(mail.seen.filter((id) => id === 'firing dead-letter soar')).toHaveLength(1);
  });

  it('that works for a while does not age what it has not been tried with', async () => {
    const soar = fakeTarget('soar', () => BLOCKED, { concurrency: 1 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    const probe = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        await scene.drain();
        await scene.clock.advance(6 * HOUR_MS);
      }
    };
    await probe(10);
    soar.answer = () => DELIVERED;
    await scene.drain();
    soar.answer = () => BLOCKED;
    await commitAlerts(scene.store, ['a2', 'a3'], ['soar']);
    await probe(12);
    expect((await scene.pending('soar')).sort()).toEqual(['a2', 'a3']);
    await scene.drain();
    expect(await scene.pending('soar')).toEqual([]);
  });
});

describe('a removed target', () => {
  it('leaves its entries to the dead letters, and the others are told', async () => {
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [mail], healthTargets: ['mail'] });
    await commitAlerts(scene.store, ids(3), ['gone']);
    await scene.start();
    await scene.stop();
    const letters = await scene.store.deadLetters({ target: 'gone', ids: null });
    expect(letters.map((letter) => letter.reason)).toEqual(Array(3).fill('the target is no longer configured'));
    expect(mail.seen).toEqual(['firing dead-letter gone']);
  });
});

describe('stopping', () => {
  it('waits for deliveries in flight and stores their results', async () => {
    let finish: () => void = () => undefined;
    const soar = fakeTarget('soar', () => new Promise((resolve) => (finish = () => resolve(DELIVERED))));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    const stopped = scene.stop();
    finish();
    await stopped;
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('gives up what does not end, without counting an attempt', async () => {
    const soar = fakeTarget(
      'soar',
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(again()));
        }),
    );
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.stop();
    expect(scene.clock.now() - START).toBeLessThanOrEqual(6000);
    const query = { now: scene.clock.now(), limit: 9, except: new Set<number>(), ignoreBackoff: false };
    expect(await scene.store.pending('soar', query)).toMatchObject([{ messageId: 'a1', attempts: 0 }]);
  });

  it('starts nothing once it was told to stop', async () => {
    const soar = fakeTarget('soar', () => again());
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(10), ['soar']);
    await scene.start();
    await scene.stop();
    const seen = soar.seen.length;
    scene.loop.poke();
    await scene.clock.advance(HOUR_MS);
    expect(soar.seen).toHaveLength(seen);
  });
});
