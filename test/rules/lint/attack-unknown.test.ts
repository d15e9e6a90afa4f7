import { describe, expect, it } from '@jest/globals';
import { attackUnknown } from '../../../src/rules/lint/attack-unknown.ts';
import type { LintContext } from '../../../src/rules/lint/check.ts';
import { ruleOf } from '../rule-text.ts';

function said(attack: string): readonly string[] {
  const rule = ruleOf({ attack });
  return attackUnknown
    .check(rule, {} as LintContext)
    .map(({ place, severity = 'warning', message, suggestion }) =>
      [`${place.line}:${place.column} ${severity}`, message, suggestion].join(' '),
    );
}

describe('attack-unknown', () => {
  it('lets pass what the enterprise matrix has, parts of techniques and tactics too', () => {
    expect(said('[T1059, T1059.001, TA0002, TA0112]')).toEqual([]);
  });

  it('lets pass what only the mobile or the industrial matrix has', () => {
    expect(said('[T1417, T0886]')).toEqual([]);
  });

  it('names what stands in the place of a retired technique', () => {
    expect(said('[T1059, T1086]')).toEqual([
      '6:17 warning MITRE has retired T1086 (PowerShell). Write T1059.001 (PowerShell) in its place.',
    ]);
  });

  it('says so where nothing stands in the place of a retired technique', () => {
    expect(said('[T1064]')).toEqual([
      '6:10 warning MITRE has retired T1064 (Scripting). Nothing stands in its place: take it out.',
    ]);
  });

  it('warns of a technique that never was, and of a part that its technique does not have', () => {
    expect(said('[T1063.009, T1059.099]')).toEqual([
      expect.stringMatching(/^6:10 warning ATT&CK 18\.1 of 2025-11-13, .* no technique T1063\.009\. Was T1518\.001 \(/),
      expect.stringMatching(/^6:21 warning .* no technique T1059\.099\. Was T1059 \(Command and Scripting/),
    ]);
  });

  it('tells a number above all known ones as information: the release may be newer than ours', () => {
    expect(said('[T1999]')).toEqual([expect.stringMatching(/^6:10 info .* A newer release may have it\.$/)]);
  });
});
