import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

describe('buildschema', () => {
  it('tells every type that a place holds', async () => {
    const rows = `datatable(v:dynamic)[dynamic({"a": 1, "b": [1.5, {"c": true}]}), dynamic({"a": "x"}), dynamic({"a": null})]`;
    expect(await rowsOf(`${rows} | summarize buildschema(v)`)).toEqual([
      [{ a: ['long', 'string'], b: { '`indexer`': [{ c: 'bool' }, 'double'] } }],
    ]);
  });

  it('is empty over nothing', async () => {
    expect(await rowsOf('datatable(v:dynamic)[] | summarize buildschema(v)')).toEqual([[null]]);
  });
});
