import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../../engine/evaluate.ts';
import { prepare } from '../queries.ts';

const sizes = async (query: string) =>
  (await prepare(query)).findings
    .filter(({ code }) => code === 'KS119')
    .map(({ start, end }) => query.slice(start, end));

describe('calls that the parser finds too long or too short, and their pages do not', () => {
  it.each([
    'DeviceEvents | evaluate bag_unpack(AdditionalFields, "x_", "keep_source", dynamic(["a"]))',
    'DeviceEvents | evaluate bag_unpack(AdditionalFields, "x_", columnsConflict="keep_source")',
    'DeviceEvents | extend Net = format_ipv4_mask(RemoteIP)',
    'let nets = (T: (*)) { T | extend Net = format_ipv4_mask(RemoteIP) }; DeviceEvents | invoke nets()',
  ])('pass: %s', async (query) => {
    expect(await sizes(query)).toEqual([]);
  });

  it('are told where no page has so many', async () => {
    const query =
      'DeviceEvents | extend a = format_ipv4_mask(RemoteIP, 8, 9), b = format_ipv4_mask(RemoteIP), c = strlen() | evaluate bag_unpack(d, "", "error", dynamic([]), 1)';
    expect(await sizes(query)).toEqual(['format_ipv4_mask', 'strlen', 'bag_unpack']);
  });

  it('run', async () => {
    const bags = 'print d = dynamic({"a": 1, "b": "x"}), b = 2';
    expect(await rowsOf(`${bags} | evaluate bag_unpack(d, "p_", "error", dynamic(["a"]))`)).toEqual([[2, 'x']]);
    expect(await rowsOf(`${bags} | evaluate bag_unpack(d, "", columnsConflict="keep_source") | project a, b`)).toEqual([
      [1, 2],
    ]);
    expect(await rowsOf('print format_ipv4_mask("192.168.1.7/24"), format_ipv4_mask("192.168.1.7")')).toEqual([
      ['192.168.1.0/24', '192.168.1.7/32'],
    ]);
  });
});
