import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ALERT_SCHEMA } from '../../../src/alerts/map/alert-schema.ts';
import { fitAlert } from '../../../src/alerts/map/fit-alert.ts';
import { validateAlert } from '../../../src/alerts/map/validate-alert.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { ENTITY_TYPES, SEVERITIES } from '../../../src/rules/rule.ts';
import { makeAlert } from '../samples.ts';

function problemOf(alert: unknown): string {
  try {
    validateAlert(alert);
  } catch (thrown) {
    if (thrown instanceof HuntwireError && thrown.code === 'ALERT_INVALID') return thrown.message;
    throw thrown;
  }
  return 'valid';
}

describe('the schema of alerts', () => {
  it('is a schema', () => {
    expect(new Ajv2020({ allowUnionTypes: true }).validateSchema(ALERT_SCHEMA)).toBe(true);
  });
});

describe('validateAlert', () => {
  it('takes an alert with something in every field', () => {
    const alert = makeAlert({
      overflow: { hits: 1, atLeast: false, byKey: [{ key: 'k', hits: 1 }] },
      mappingErrors: [{ column: 'c', message: 'm' }],
      health: { code: 'gap', subject: 's' },
      evidenceTruncated: true,
      window: null,
    });
    expect(problemOf(alert)).toBe('valid');
  });

  it.each([
    ['id', { id: 'x' }, '/id'],
    ['time', { time: '2026-01-01 12:00' }, '/time'],
    ['severity', { severity: 'awful' }, '/severity'],
    ['title', { title: '' }, '/title'],
    ['window', { window: { from: 'x', to: 'y', basis: 'event' } }, '/window'],
    ['entities', { entities: [{ type: 'car' }] }, '/entities/0/type'],
    ['details', { details: { a: [] } }, '/details/a'],
    ['evidence', { evidence: ['text'] }, '/evidence/0'],
    ['revision', { revision: -1 }, '/revision'],
    ['an unknown key', { extra: 1 }, 'extra'],
  ])('names the place of a wrong %s', (_, change, place) => {
    expect(problemOf({ ...makeAlert(), ...change })).toContain(place);
  });

  it('refuses what is no alert at all', () => {
    expect(problemOf(null)).toContain('must be object');
    const { dedupKey: _, ...rest } = makeAlert();
    expect(problemOf(rest)).toContain('dedupKey');
  });
});

describe('schemas/alert.schema.json', () => {
  it('is the schema that alerts are checked against', () => {
    const file = new URL('../../../schemas/alert.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(ALERT_SCHEMA)));
  });

  it('knows the severities and entity types of rules', () => {
    for (const severity of SEVERITIES) expect(problemOf(makeAlert({ severity }))).toBe('valid');
    for (const type of ENTITY_TYPES) expect(problemOf(makeAlert({ entities: [{ type }] }))).toBe('valid');
  });
});

describe('fitAlert', () => {
  const row = { a: 'x'.repeat(1000) };

  it('leaves a small alert as it is', () => {
    const alert = makeAlert();
    expect(fitAlert(alert)).toBe(alert);
  });

  it('drops the last rows first, and says so', () => {
    const alert = makeAlert({ evidence: Array.from({ length: 10 }, () => row) });
    const fitted = fitAlert(alert, 6000);
    expect(fitted.evidence.length).toBeGreaterThan(2);
    expect(fitted.evidence.length).toBeLessThan(6);
    expect(fitted).toMatchObject({ evidenceTruncated: true, observables: alert.observables });
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(6000);
  });

  it('goes on with observables, entities and details, and stays valid', () => {
    const details = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`d${index}`, 'x'.repeat(200)]));
    const fitted = fitAlert(makeAlert({ details, evidence: [row] }), 1500);
    expect(fitted).toMatchObject({ evidence: [], observables: [], entities: [], details: {} });
    expect(problemOf(fitted)).toBe('valid');
  });
});
