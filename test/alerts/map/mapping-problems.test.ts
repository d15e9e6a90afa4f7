import { describe, expect, it } from '@jest/globals';
import { createProblemList } from '../../../src/alerts/map/mapping-problems.ts';

describe('the list of mapping problems', () => {
  it('holds 50, each once', () => {
    const problems = createProblemList();
    for (let index = 0; index < 60; index += 1) {
      problems.note('a', 'the same');
      problems.note(`c${index}`, 'another');
    }
    expect(problems.list()).toHaveLength(50);
    expect(problems.list().filter(({ column }) => column === 'a')).toEqual([{ column: 'a', message: 'the same' }]);
  });

  it('cuts names to 256 characters, and names that differ behind that are two', () => {
    const problems = createProblemList();
    for (const end of ['1', '2']) problems.note('x'.repeat(300) + end, 'cut');
    expect(problems.list().map(({ column }) => column.length)).toEqual([256, 256]);
  });

  it('notes columns that are missing, and none that is empty', () => {
    const problems = createProblemList();
    problems.noteMissing({ a: null }, ['a', 'b', 'toString'], 'details');
    expect(problems.list()).toEqual(
      ['b', 'toString'].map((column) => ({ column, message: 'The result has no such column; details names it.' })),
    );
  });

  it('notes what a severity column says where it is none, at 64 characters', () => {
    const problems = createProblemList();
    problems.noteSeverity({ a: 'HIGH' }, 'a');
    expect(problems.list()).toEqual([]);
    problems.noteSeverity({ a: 'y'.repeat(100) }, 'a');
    problems.noteSeverity({ a: '' }, 'a');
    const [long, empty] = problems.list().map(({ message }) => message);
    expect(long).toMatch(/^"y{63}[y…]" is no severity; the rule's own severity holds\.$/);
    expect(empty).toBe("Nothing is no severity; the rule's own severity holds.");
  });
});
