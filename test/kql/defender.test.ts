import { describe, expect, it } from '@jest/globals';
import {
  columnsOfTable,
  defenderGlobals,
  defenderTables,
  hasDevices,
  isEntityTable,
  SCHEMA_DATE,
  timeColumnOf,
} from '../../src/kql/defender.ts';
import { analyze } from '../../src/kql/parser/adapter.ts';
import { DEFENDER_FUNCTIONS } from '../../src/kql/stored-functions.ts';
import { SCALAR_TYPES } from '../../src/kql/types.ts';

describe('the Defender schema', () => {
  it('has a month, tables, and columns of the types of the language', () => {
    expect(SCHEMA_DATE).toMatch(/^\d{4}-\d{2}$/);
    expect(defenderTables().length).toBeGreaterThan(60);
    for (const table of defenderTables()) {
      for (const column of columnsOfTable(table) ?? []) expect(SCALAR_TYPES).toContain(column.type);
    }
  });

  it('tells the time column', () => {
    expect(timeColumnOf('DeviceEvents')).toBe('Timestamp');
    expect(timeColumnOf('DeviceTvmSoftwareInventory')).toBeNull();
    expect(timeColumnOf('deviceevents')).toBeUndefined();
    expect(timeColumnOf('constructor')).toBeUndefined();
  });

  it('tells entity tables and tables with devices', () => {
    expect([isEntityTable('DeviceInfo'), isEntityTable('DeviceEvents')]).toEqual([true, false]);
    expect([hasDevices('DeviceEvents'), hasDevices('EmailEvents'), hasDevices('Custom_CL')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is built once', () => {
    expect(defenderGlobals()).toBe(defenderGlobals());
  });
});

describe('stored functions', () => {
  it.each(DEFENDER_FUNCTIONS.map((one) => [one.name, one.flow] as const))('%s binds', async (name, flow) => {
    const query = flow === 'source' ? `${name}("device")` : `DeviceFileEvents | invoke ${name}()`;
    const tree = await analyze(query, await defenderGlobals());
    expect(tree.diagnostics).toEqual([]);
    expect(tree.columns?.length).toBeGreaterThan(4);
    expect(tree.columns?.some((column) => column.name.startsWith('HuntwireJoin_'))).toBe(false);
  });
});
