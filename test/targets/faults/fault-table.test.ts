import { describe, expect, it } from '@jest/globals';
import { TARGETS } from '../../../src/targets/registry.ts';
import { FAULT_NAMES, faultTable } from '../../contract/faults/fault-table.ts';
import { RECEIVERS_BEHIND, WITHOUT_NETWORK } from '../../contract/faults/receivers-behind.ts';

describe('the table of faults in docs/targets.md', () => {
  it('has a row for every fault, in the order of the matrix', () => {
    expect(faultTable().map(({ fault }) => fault)).toEqual(FAULT_NAMES);
  });

  it('names targets of the registry, and none that does the usual', () => {
    for (const { fault, usual, others } of faultTable())
      for (const [type, cell] of others)
        expect([fault, type, TARGETS.has(type), cell === usual]).toEqual([fault, type, true, false]);
  });

  it('is about every target that has a network', () => {
    const known = [...Object.keys(RECEIVERS_BEHIND), ...WITHOUT_NETWORK];
    expect(known.sort()).toEqual([...TARGETS.keys()].sort());
  });
});
