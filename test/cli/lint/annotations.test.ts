import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { annotationsOf } from '../../../src/cli/lint/annotations.ts';
import { anyCharacter } from '../../any-character.ts';
import { findingOf } from './finding.ts';

describe('GitHub annotations', () => {
  it('stand at the place of the finding, errors first', () => {
    const place = { line: 3, column: 5, endLine: 3, endColumn: 9 };
    const findings = [
      findingOf({ suggestion: 'Take it out.', ...place }),
      findingOf({ severity: 'error', line: 2, column: 1, endLine: 4, endColumn: 1 }),
      findingOf({ severity: 'info', file: '/repo/a,b:c%.yaml' }),
    ];
    expect(annotationsOf(findings, '/repo')).toEqual([
      '::error file=rules/a.yaml,line=2,title=limited-rows::It drops rows.',
      '::warning file=rules/a.yaml,line=3,endLine=3,col=5,endColumn=9,title=limited-rows::It drops rows. Take it out.',
      '::notice file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=limited-rows::It drops rows.',
    ]);
  });

  it('are one command a line, whatever a rule says', () => {
    const hostile = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom(
        '\n::error::forged',
        '\r::add-mask::x',
        '##[error]x',
        '::set-output name=a::b',
        'a\u2028::debug::b',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (message, file, suggestion) => {
        const [line = '', ...more] = annotationsOf(
          [findingOf({ message, file: `/repo/${file}`, suggestion })],
          '/repo',
        );
        expect(more).toEqual([]);
        expect(line).not.toMatch(/\p{Cc}|[\u2028\u2029]|##\[/u);
        const [, properties = ''] = /^::warning ((?:[a-zA-Z]+=[^,:]*,?)+)::/.exec(line) ?? [];
        expect(properties.split(',').map((one) => one.split('=')[0])).toEqual(['file', 'line', 'col', 'title']);
      }),
    );
  });
});
