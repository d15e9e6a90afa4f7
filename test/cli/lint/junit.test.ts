import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { junitOf } from '../../../src/cli/lint/junit.ts';
import type { LintFinding } from '../../../src/rules/lint/check.ts';
import { anyCharacter } from '../../any-character.ts';
import { findingOf } from './finding.ts';

const TAG = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g;

/** Names of elements in their order; throws where the text is no well-formed XML of the kind that we write. */
function elementsOf(xml: string): readonly string[] {
  const [head = '', ...rest] = xml.split('\n');
  expect(head).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  const open: string[] = [];
  const names: string[] = [];
  const body = rest.join('\n');
  const left = body.replace(TAG, (_, closing, name, _attributes, empty) => {
    if (closing) expect(open.pop()).toBe(name);
    else names.push(name);
    if (!closing && !empty) open.push(name);
    return '';
  });
  expect(open).toEqual([]);
  expect(left.replace(/&(?:amp|lt|gt|quot|#\d+);/g, '')).not.toMatch(/[<&]/);
  expect(left.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\ufffe\uffff]/u);
  return names;
}

const report = (findings: readonly LintFinding[], files = ['/repo/rules/a.yaml', '/repo/rules/b.yaml']) => ({
  files,
  rules: 2,
  findings,
  counts: { error: 0, warning: 0, info: 0 },
  reason: null,
});

describe('JUnit', () => {
  it('has a suite a file and a case a finding, failed where it is severe enough', () => {
    const findings = [findingOf({ severity: 'error', line: 3, column: 5 }), findingOf({ suggestion: 'Do <that>.' })];
    const xml = junitOf(report(findings), '/repo', 'error');
    expect(elementsOf(xml)).toEqual([
      'testsuites',
      'testsuite',
      'testcase',
      'failure',
      'testcase',
      'system-out',
      'testsuite',
      'testcase',
    ]);
    expect(xml).toContain('<testsuites name="huntwire lint" tests="3" failures="1">');
    expect(xml).toContain('<testcase classname="rules/a.yaml" name="limited-rows (3:5)" file="rules/a.yaml" line="3">');
    expect(xml).toContain('rules/a.yaml:1:1: It drops rows.&#10;Do &lt;that&gt;.');
    expect(junitOf(report(findings), '/repo', 'warning')).toContain('failures="2"');
  });

  it('is well-formed whatever a rule says', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (message, file) => {
        const names = elementsOf(junitOf(report([findingOf({ message, file })]), '/repo', 'warning'));
        expect(names.filter((name) => name === 'testcase')).toHaveLength(file === '/repo/rules/a.yaml' ? 2 : 3);
      }),
    );
  });
});
