import { describe, expect, it } from '@jest/globals';
import { armReader } from '../../../src/rules/readers/arm.ts';
import { describeReader, documentOf } from '../../contract/reader.ts';
import { ARM_SAMPLES, ID, NESTED, resource, template } from './arm-samples.ts';

describeReader(armReader, ARM_SAMPLES);

function read(text: string) {
  return armReader.read(documentOf('t.json', text));
}

function verdictOf(more: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}) {
  const [one] = read(template([resource(more)], rest));
  if (!one) throw new Error('no rule');
  return one;
}

describe('the arm reader', () => {
  it('reads a resource as Sentinel means it', () => {
    const [one] = read(template([resource()]));
    expect(one?.rule).toMatchObject({
      id: ID,
      name: 'Many failed sign-ins',
      severity: 'high',
      attack: ['TA0006', 'T1110'],
      query: 'AADSignInEventsBeta\n| where ErrorCode == 50126\n| summarize n = count() by AccountUpn',
      schedule: { everyMs: 3_600_000, lookbackMs: 86_400_000 },
      threshold: { operator: '>', value: 3 },
      alert: { per: 'run', suppressMs: 0, details: { Failures: 'n' } },
      origin: { format: 'arm' },
    });
    expect(one?.verdict).toMatchObject({ verdict: 'loaded', format: 'arm' });
    expect(one?.verdict.honoured).toContain('queryPeriod');
  });

  it('finds the query where it stands, line ends and escapes included', () => {
    const [one] = read(template([resource()]));
    const text = template([resource()]);
    const offset = (one?.rule?.query ?? '').indexOf('summarize');
    const line = text.split('\n').findIndex((each) => each.includes('summarize')) + 1;
    expect(one?.rule?.map.place(offset)).toEqual({
      line,
      column: (text.split('\n')[line - 1] ?? '').indexOf('summarize') + 1,
    });
  });

  it('reads what solutions and hunting queries nest', () => {
    const [rule, hunt] = read(NESTED);
    expect(rule?.rule?.id).toBe(ID);
    expect(hunt?.rule).toMatchObject({
      name: 'Rare tools',
      description: 'Looks for rare tools.',
      status: 'disabled',
      attack: ['TA0002', 'TA0003', 'T1059', 'T1543'],
    });
  });

  it.each([
    ["[parameters('p')]", { parameters: { p: { defaultValue: 'Low' } } }, 'low'],
    ["[variables('v')]", { variables: { v: "[concat('Lo', toLower('W'))]" } }, 'low'],
    ["[variables('v').inner['x']]", { variables: { v: { inner: { x: 'High' } } } }, 'high'],
    ["[format('{0}{1}', 'Hi', 'gh')]", {}, 'high'],
  ])('works out %s', (severity, rest, expected) => {
    expect(verdictOf({ severity }, rest).rule?.severity).toBe(expected);
  });

  it.each([
    ['triggerThreshold', "[parameters('n')]"],
    ['query', '[newGuid()]'],
    ['queryPeriod', "[variables('loop')]"],
    ['severity', "[concat('a', resourceId('x'))]"],
  ])('refuses %s: %s, which only a deployment knows', (key, expression) => {
    const { rule, verdict } = verdictOf({ [key]: expression }, { variables: { loop: "[variables('loop')]" } });
    expect(rule).toBeNull();
    expect(verdict.reason).toBe(`ARM expression in ${key}: only a deployment can work it out.`);
  });

  it('takes a name in brackets, and an escaped one, as they are', () => {
    expect(verdictOf({ displayName: '[Entra ID] Sign-ins' }).rule?.name).toBe('[Entra ID] Sign-ins');
    expect(verdictOf({ displayName: '[[x()]' }).rule?.name).toBe('[x()]');
  });

  it('takes the name for an id where the template makes one anew', () => {
    const [one] = read(template([resource({}, { id: '[newGuid()]', name: '[newGuid()]' })]));
    expect(one?.rule?.id).toBe('many-failed-sign-ins');
  });

  it('reads five thousand resources and keeps their order', () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const id = `${String(index).padStart(8, '0')}-2222-4333-8444-555555555555`;
      return resource({ displayName: `Rule ${index}` }, { id, name: id });
    });
    const found = read(template(many));
    expect(found).toHaveLength(5000);
    expect(found.every(({ verdict }) => verdict.verdict === 'loaded')).toBe(true);
    expect(found.at(-1)?.rule?.name).toBe('Rule 4999');
  });
});
