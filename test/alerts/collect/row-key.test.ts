import { describe, expect, it } from '@jest/globals';
import { createRowKeyer, hasKeyColumns, type KeyPlan, keyFormOf } from '../../../src/alerts/collect/row-key.ts';
import { columnsOf, EVENT_COLUMNS, eventRow } from '../samples.ts';

const EVENT: KeyPlan = {
  shape: 'stream',
  identity: { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] },
  dedupColumns: null,
};

function keyerOf(plan: KeyPlan, columns: Parameters<typeof createRowKeyer>[1]): ReturnType<typeof createRowKeyer> {
  return createRowKeyer(keyFormOf(plan), columns);
}

describe('the event key', () => {
  const key = keyerOf(EVENT, EVENT_COLUMNS);

  it('is 16 bytes in hex and looks at the event columns only', () => {
    const row = eventRow();
    expect(key(row)).toMatch(/^[0-9a-f]{32}$/);
    expect(key({ ...row, FileName: 'renamed.exe' })).toBe(key(row));
    expect(key({ ...row, ReportId: -1 })).not.toBe(key(row));
  });

  it('gives way to the whole row where a part is empty', () => {
    const row = eventRow({ ReportId: null });
    expect(key({ ...row, FileName: 'renamed.exe' })).not.toBe(key(row));
    expect(key({ ...row })).toBe(key(row));
  });

  it('uses the device name where the id is empty, and only then', () => {
    const both = keyerOf(
      { ...EVENT, identity: { kind: 'event', columns: ['Timestamp', 'DeviceId', 'DeviceName', 'ReportId'] } },
      EVENT_COLUMNS,
    );
    const row = eventRow();
    expect(both({ ...row, DeviceName: 'renamed' })).toBe(both(row));
    const nameless = { ...row, DeviceId: '' };
    expect(both({ ...nameless, FileName: 'x' })).toBe(both(nameless));
    expect(both({ ...nameless, DeviceName: 'pc2' })).not.toBe(both(nameless));
  });
});

describe('other identities', () => {
  it('keeps five rows of one event apart when mv-expand made them', () => {
    const columns = [...EVENT_COLUMNS, { name: 'Address', type: 'string' as const }];
    const row = eventRow();
    const rows = ['a', 'b', 'c', 'd', 'e'].map((Address) => ({ ...row, Address }));
    const plan: KeyPlan = { ...EVENT, identity: { ...EVENT.identity, fanOut: ['Address'] } };
    expect(new Set(rows.map(keyerOf(plan, columns))).size).toBe(5);
    const key = keyerOf(plan, columns);
    expect(key({ ...row, Address: 'a', FileName: 'renamed.exe' })).toBe(key({ ...row, Address: 'a' }));
    expect(key(row)).toBe(keyerOf(EVENT, columns)(row));
  });

  it('knows a group by its columns whatever was counted, also the group of the empty value', () => {
    const columns = columnsOf({ AccountName: 'string', Failures: 'long' });
    const plan: KeyPlan = {
      shape: 'set',
      identity: { kind: 'columns', columns: ['AccountName'] },
      dedupColumns: null,
    };
    const key = keyerOf(plan, columns);
    expect(key({ AccountName: 'bob', Failures: 7 })).toBe(key({ AccountName: 'bob', Failures: 9 }));
    expect(key({ AccountName: '', Failures: 7 })).toBe(key({ AccountName: '', Failures: 9 }));
    expect(key({ AccountName: 'bob', Failures: 7 })).not.toBe(key({ AccountName: '', Failures: 7 }));
  });

  it('falls back to the whole row where the result lacks the columns', () => {
    const columns = columnsOf({ Failures: 'long' });
    const key = keyerOf(
      { shape: 'set', identity: { kind: 'columns', columns: ['Gone'] }, dedupColumns: null },
      columns,
    );
    expect(key({ Failures: 7 })).not.toBe(key({ Failures: 9 }));
  });

  it('leaves out of the hash of a whole row what may change', () => {
    const columns = columnsOf({ Timestamp: 'datetime', Name: 'string', Age: 'timespan' });
    const identity = { kind: 'row', columns: [], time: 'Timestamp', changing: ['Age'] } as const;
    const key = keyerOf({ shape: 'stream', identity, dedupColumns: null }, columns);
    const row = { Timestamp: '2026-01-01T12:00:00Z', Name: 'a', Age: '00:00:01' };
    expect(key({ ...row, Age: '00:00:02' })).toBe(key(row));
    expect(key({ ...row, Name: 'b' })).not.toBe(key(row));
    const event = { ...EVENT, identity: { ...EVENT.identity, changing: ['FileName'] } };
    const incomplete = eventRow({ ReportId: null });
    const byEvent = keyerOf(event, EVENT_COLUMNS);
    expect(byEvent({ ...incomplete, FileName: 'renamed.exe' })).toBe(byEvent(incomplete));
  });

  it('lets dedup.columns decide in a stream without a key, where they hold the time of the event', () => {
    const identity = { kind: 'row', columns: [], time: 'Timestamp' } as const;
    const formWith = (dedupColumns: readonly string[]) => keyFormOf({ shape: 'stream', identity, dedupColumns });
    expect(formWith(['Name', 'Timestamp'])).toEqual({ kind: 'columns', columns: ['Name', 'Timestamp'] });
    expect(formWith(['Name'])).toEqual({ kind: 'row' });
    const timeless = { shape: 'stream', identity: { kind: 'row', columns: [] }, dedupColumns: ['Timestamp'] } as const;
    expect(keyFormOf(timeless)).toEqual({ kind: 'row' });
    expect(keyFormOf({ ...EVENT, dedupColumns: ['Timestamp'] }).kind).toBe('event');
  });

  it('goes by dedup.columns for snapshots and where nothing else is known', () => {
    const columns = columnsOf({ DeviceId: 'string', Seen: 'long' });
    for (const shape of ['snapshot', 'set'] as const) {
      const key = keyerOf({ shape, identity: { kind: 'none', columns: [] }, dedupColumns: ['DeviceId'] }, columns);
      expect(key({ DeviceId: 'd1', Seen: 1 })).toBe(key({ DeviceId: 'd1', Seen: 2 }));
    }
  });
});

describe('the form of a key', () => {
  it('can be made of a result that has its columns', () => {
    const columns = columnsOf({ A: 'string', B: 'string' });
    expect(hasKeyColumns({ kind: 'row' }, [])).toBe(true);
    const row = { kind: 'row', without: ['C'], resultColumns: ['A', 'C'] } as const;
    expect(hasKeyColumns(row, columns)).toBe(true);
    expect(hasKeyColumns({ ...row, without: [] }, columns)).toBe(false);
    expect(hasKeyColumns({ kind: 'columns', columns: ['A', 'B'] }, columns)).toBe(true);
    expect(hasKeyColumns({ kind: 'columns', columns: ['A', 'C'] }, columns)).toBe(false);
    expect(hasKeyColumns({ kind: 'columns', columns: [] }, columns)).toBe(false);
    expect(hasKeyColumns({ kind: 'event', columns: ['A'], fanOut: ['C'] }, columns)).toBe(false);
  });
});
