import { describe, expect, it } from '@jest/globals';
import {
  ATTACK_RELEASE,
  TACTICS,
  tacticId,
  tacticsOf,
  techniqueById,
  techniquesInUse,
} from '../../../src/rules/attack/matrix.ts';

describe('the enterprise matrix', () => {
  it('says whose it is and of when, as MITRE asks', () => {
    expect(ATTACK_RELEASE.notice).toMatch(/^© \d{4} The MITRE Corporation\..*permission of The MITRE Corporation\.$/);
    expect(ATTACK_RELEASE.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('has its tactics in order, and each technique in use has one of them', () => {
    expect(TACTICS.map((one) => one.short).slice(0, 4)).toEqual([
      'reconnaissance',
      'resource-development',
      'initial-access',
      'execution',
    ]);
    const known = new Set(TACTICS.map((one) => one.id));
    const astray = techniquesInUse().filter(
      ({ tactics }) => tactics.length === 0 || tactics.some((one) => !known.has(one)),
    );
    expect(astray).toEqual([]);
    expect(techniquesInUse().length).toBeGreaterThan(600);
  });

  it('has the technique of every part, and a successor in use for what names one', () => {
    const parts = techniquesInUse().filter(({ id }) => id.includes('.'));
    expect(parts.filter(({ id }) => techniqueById(id.slice(0, 5)) === null)).toEqual([]);
    expect(techniqueById('T1086')).toEqual({
      id: 'T1086',
      name: 'PowerShell',
      tactics: ['TA0002'],
      retired: { by: 'T1059.001' },
    });
  });

  it('knows nothing by names that every object has', () => {
    expect(techniqueById('constructor')).toBeNull();
    expect(techniqueById('__proto__')).toBeNull();
  });

  it('finds tactics by id and name, however they are spelt', () => {
    expect(['TA0008', 'ta0008', 'lateral-movement', 'Lateral Movement', 'LateralMovement'].map(tacticId)).toEqual(
      Array.from({ length: 5 }, () => 'TA0008'),
    );
    expect(tacticId('Vulnerability')).toBeNull();
  });

  it('counts the tactics of techniques to those that are named', () => {
    expect([...tacticsOf(['TA0001', 'T1059.001', 'T9999'])]).toEqual(['TA0001', 'TA0002']);
  });
});
