import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearest, suggest } from '../../src/lib/nearest.ts';

describe('nearest', () => {
  it('finds slips of the finger, case aside', () => {
    expect(nearest('serverity', ['severity', 'schedule'])).toBe('severity');
    expect(nearest('Treshold', ['threshold', 'tests'])).toBe('threshold');
    expect(nearest('isd', ['id', 'name'])).toBe('id');
  });

  it('takes of equally near ones the one that begins alike', () => {
    expect(nearest('row', ['now', 'rows'])).toBe('rows');
    expect(nearest('row', ['rows', 'now'])).toBe('rows');
  });

  it('says nothing where nothing is close', () => {
    expect(nearest('zebra', ['id', 'name', 'schedule'])).toBeNull();
    expect(nearest('xy', ['id', 'ab'])).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });

  it('suggests a name, else lists a short choice', () => {
    expect(suggest('sorce', ['source'])).toBe(' Did you mean "source"?');
    expect(suggest('zebra', ['id', 'name'])).toBe(' Valid are: id, name.');
    expect(suggest('zebra', [])).toBe('');
  });
});

describe('editDistance', () => {
  it('counts swaps as one', () => {
    expect(editDistance('tpye', 'type')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is symmetric and zero for equal texts only', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
      }),
    );
  });
});
