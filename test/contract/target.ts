import { afterEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { PluginSchema } from '../../src/lib/plugin.ts';
import type { Delivery, DeliveryResult, Target } from '../../src/targets/target.ts';
import { sampleDelivery } from '../targets/sample-alert.ts';

/** One target on a receiver of its own. */
export interface TargetUnderTest {
  readonly target: Target;
  /** Lets so much time pass that deliveries in flight come to an end. */
  passTime(): Promise<void>;
  /** Message ids or alert ids as the receiver has seen them, in order; null where it can not tell. */
  received(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface TargetContract {
  readonly type: string;
  readonly configSchema: PluginSchema;
  /** A configuration as it stands in a file. */
  readonly config: Readonly<Record<string, unknown>>;
  make(): Promise<TargetUnderTest>;
}

const KINDS = ['delivered', 'again', 'blocked', 'refused'];

/** What the outbox may rely on with every target. */
export function describeTarget(contract: TargetContract): void {
  describe(`the target contract: ${contract.type}`, () => {
    const running: TargetUnderTest[] = [];
    const start = async (): Promise<TargetUnderTest> => {
      const made = await contract.make();
      running.push(made);
      return made;
    };
    afterEach(async () => {
      for (const one of running.splice(0)) await one.stop();
    });

    it('tells its name, type and traits', async () => {
      const { target } = await start();
      expect(target.name).not.toBe('');
      expect(target.type).toBe(contract.type);
      expect(target.traits.concurrency).toBeGreaterThanOrEqual(1);
      expect(target.traits.ratePerSecond === null || target.traits.ratePerSecond > 0).toBe(true);
    });

    it('delivers, and the receiver has the alert', async () => {
      const one = await start();
      const delivery = sampleDelivery();
      const result = one.target.deliver(delivery, new AbortController().signal);
      await one.passTime();
      expect(await result).toMatchObject({ kind: 'delivered' });
      expect(await one.received()).toEqual([delivery.messageId]);
    });

    it('takes many deliveries at a time and keeps them apart', async () => {
      const one = await start();
      const deliveries = ids(50).map((id) => sampleDelivery(id));
      const results = deliverAll(one.target, deliveries);
      await one.passTime();
      expect((await results).map((result) => result.kind)).toEqual(deliveries.map(() => 'delivered'));
      expect([...(await one.received())].sort()).toEqual(ids(50).sort());
    });

    it('takes a batch where it says so, and answers for each of it', async () => {
      const { target, received } = await start();
      expect(target.deliverMany === undefined).toBe(target.traits.batch === undefined);
      const deliveries = ids(5).map((id) => sampleDelivery(id));
      const results = (await target.deliverMany?.(deliveries, new AbortController().signal)) ?? [];
      expect(results.map(({ kind }) => kind)).toEqual(target.deliverMany ? ids(5).map(() => 'delivered') : []);
      expect(await received()).toEqual(target.deliverMany ? ids(5) : []);
    });

    it('answers a stopped delivery with again and sends nothing', async () => {
      const one = await start();
      const result = await one.target.deliver(sampleDelivery(), AbortSignal.abort());
      expect(result.kind).toBe('again');
      expect(await one.received()).toEqual([]);
    });

    it('answers deliveries that are under way when it closes, and later ones with again', async () => {
      const { target } = await start();
      const underWay = deliverAll(
        target,
        ids(3).map((id) => sampleDelivery(id)),
      );
      await target.close();
      for (const result of await underWay) expect(KINDS).toContain(result.kind);
      expect(await target.deliver(sampleDelivery(), new AbortController().signal)).toMatchObject({
        kind: 'again',
        reason: 'the target was closed',
      });
      await target.close();
    });

    it('says that a receiver which is there is fine, and sends it nothing', async () => {
      const { target, received } = await start();
      const checks = await target.check(new AbortController().signal);
      expect(checks.length).toBeGreaterThan(0);
      for (const { name, subject, ok, message } of checks) {
        expect([ok, message]).toEqual([true, expect.stringMatching(/\S/)]);
        expect(name).not.toBe('');
        expect(subject).toContain(target.name);
      }
      expect(await received()).toEqual([]);
    });

    it('has a closed configuration schema with a description for every setting', () => {
      const validate = new Ajv2020({
        allErrors: true,
        strict: true,
        validateFormats: false,
        keywords: ['x-path', 'x-hint', 'x-headers'],
      }).compile(contract.configSchema);
      expect(validate(structuredClone(contract.config))).toBe(true);
      expect(validate({ ...contract.config, unknown: 1 })).toBe(false);
      expect(contract.configSchema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(openOrUndescribed('', contract.configSchema)).toEqual([]);
    });
  });
}

/** No text of a result, and no error, may hold a secret. */
export function assertLeaksNoSecret(shown: readonly unknown[], secrets: readonly string[]): void {
  const text = shown.map(everything).join('\n');
  for (const secret of secrets) expect(text).not.toContain(secret);
}

function everything(thing: unknown): string {
  if (!(thing instanceof Error)) return JSON.stringify(thing) ?? String(thing);
  return `${thing.message}\n${thing.stack ?? ''}\n${JSON.stringify(thing)}\n${thing.cause ? everything(thing.cause) : ''}`;
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at).padStart(32, '0'));
}

function deliverAll(target: Target, deliveries: readonly Delivery[]): Promise<DeliveryResult[]> {
  const { signal } = new AbortController();
  return Promise.all(deliveries.map((delivery) => target.deliver(delivery, signal)));
}

function openOrUndescribed(path: string, schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const found: string[] = [];
  const { type, properties, additionalProperties, description } = schema as Record<string, unknown>;
  if (type === 'object' && additionalProperties === undefined) found.push(`${path} is open`);
  if (path !== '' && !path.endsWith('/type') && description === undefined) found.push(`${path} has no description`);
  for (const [name, child] of Object.entries(properties ?? {}))
    found.push(...openOrUndescribed(`${path}/${name}`, child));
  return found;
}
