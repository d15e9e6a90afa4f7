import { describe, expect, it } from '@jest/globals';
import type { ValueKind } from '../../../src/formats/mapping/field.ts';
import { mappedValue } from '../../../src/formats/mapping/value.ts';

describe('a value', () => {
  it.each<[ValueKind, unknown, string | number | null]>([
    ['text', 'a ', 'a '],
    ['text', '  ', null],
    ['text', '', null],
    ['text', null, null],
    ['text', undefined, null],
    ['text', 0, '0'],
    ['text', false, 'false'],
    ['text', ['a'], '["a"]'],
    ['text', [], null],
    ['text', {}, null],
    ['lower', 'AB', 'ab'],
    ['count', 0, 0],
    ['count', '42', 42],
    ['count', '', null],
    ['count', -1, null],
    ['count', 1.5, null],
    ['count', '9007199254740993', null],
    ['count', '0x10', null],
    ['count', Number.NaN, null],
    ['port', 65_535, 65_535],
    ['port', 65_536, null],
    ['time', '2026-01-01T11:50:00.1234567Z', Date.UTC(2026, 0, 1, 11, 50, 0, 123)],
    ['time', '2026-01-01T11:50:00Z', Date.UTC(2026, 0, 1, 11, 50)],
    ['time', 'yesterday, around noon', null],
    ['time', '0001-01-01T00:00:00Z', null],
    ['time', 1, null],
    ['ip', ' 10.0.0.1 ', '10.0.0.1'],
    ['ip', '010.0.0.1', null],
    ['ip', 'fe80::1%11', 'fe80::1'],
    ['ip', 'example.com', null],
    ['ip', 7, null],
    ['mac', '00155dABCDef', '00-15-5D-AB-CD-EF'],
    ['mac', '00:15:5d:ab:cd:ef', '00-15-5D-AB-CD-EF'],
    ['mac', '00-15-5D-AB-CD-EF', '00-15-5D-AB-CD-EF'],
    ['mac', '00155D', null],
    ['mac', 1, null],
    ['mail', '"Bob, B." <bob@example.com>', 'bob@example.com'],
    ['mail', 'bob@example.com', 'bob@example.com'],
    ['mail', '<>', '<>'],
  ])('%s of %j is %j', (kind, cell, expected) => {
    expect(mappedValue(kind, cell)).toBe(expected);
  });
});
