import { describe, expect, it } from '@jest/globals';
import { TARGETS } from '../../../src/targets/registry.ts';
import { FAULT_NAMES, faultTable } from '../../contract/faults/fault-table.ts';
import { RECEIVERS_BEHIND, typeOf } from '../../contract/faults/receivers-behind.ts';

describe('the table of faults in docs/targets.md', () => {
  it('has a row for every fault, in the order of the matrix', () => {
    expect(faultTable().map(({ fault }) => fault)).toEqual(FAULT_NAMES);
  });

  it('names targets of the registry, and none that does the usual', () => {
    for (const { fault, usual, others } of faultTable())
      for (const [type, cell] of others)
        expect([fault, type, RECEIVERS_BEHIND[type] !== undefined, cell === usual]).toEqual([fault, type, true, false]);
  });

  it('is about every target', () => {
    const known = new Set(Object.keys(RECEIVERS_BEHIND).map(typeOf));
    expect([...known].sort()).toEqual([...TARGETS.keys()].sort());
  });
});
