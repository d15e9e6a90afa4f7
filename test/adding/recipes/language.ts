import { lineAfter, type Recipe, replaced } from '../recipe.ts';

/** A function that the parser knows and the engine, so far, does not. */
const FUNCTION_TEST = `import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('__hash_djb2', () => {
  it.each([
    ["'a'", 177670],
    ["''", null],
  ])('of %s', async (argument, expected) => {
    expect(await evaluate(\`__hash_djb2(\${argument})\`)).toBe(expected);
  });
});
`;

const FUNCTION = `  define('__hash_djb2', ['string'], (text) =>
    text === '' ? null : [...text].reduce((sum, one) => (sum * 33 + one.charCodeAt(0)) | 0, 5381),
  ),`;

export const FUNCTION_RECIPE: Recipe = {
  kind: 'KQL function',
  files: { 'test/engine/functions/djb2.test.ts': FUNCTION_TEST },
  edits: [
    replaced('src/engine/functions/hash.ts', 'import { alias, defineBound,', 'import { alias, define, defineBound,'),
    lineAfter('src/engine/functions/hash.ts', "  digest('hash_sha256'", FUNCTION),
  ],
  steps: [
    {
      without: 'test/engine/functions/djb2.test.ts',
      check: 'every KQL function has a test',
      says: '__hash_djb2',
    },
    { without: 'docs/kql-support.md', check: 'generated files are current', says: 'docs/kql-support.md' },
  ],
};

const AGGREGATE_TEST = `import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

describe('passthrough', () => {
  it('gives the last value, and null for none', async () => {
    const rows = 'datatable(a: long)[1, 2]';
    expect(await rowsOf(\`\${rows} | summarize passthrough(a)\`)).toEqual([[2]]);
    expect(await rowsOf(\`\${rows} | where a > 2 | summarize passthrough(a)\`)).toEqual([[null]]);
  });
});
`;

const AGGREGATE = `  defineAggregate('passthrough', (): Steps<Value> => ({
    start: () => null,
    add: (_, values) => values[0] ?? null,
    finish: (value) => value,
  })),`;

export const AGGREGATE_RECIPE: Recipe = {
  kind: 'KQL aggregate',
  files: { 'test/engine/aggregates/passthrough.test.ts': AGGREGATE_TEST },
  edits: [
    replaced(
      'src/engine/aggregates/count.ts',
      "import type { AggregateFunction } from '../value.ts';",
      "import type { AggregateFunction, Value } from '../value.ts';",
    ),
    lineAfter('src/engine/aggregates/count.ts', "  conditional('countif'", AGGREGATE),
  ],
  steps: [
    {
      without: 'test/engine/aggregates/passthrough.test.ts',
      check: 'every KQL aggregate has a test',
      says: 'passthrough',
    },
    { without: 'docs/kql-support.md', check: 'generated files are current', says: 'docs/kql-support.md' },
  ],
};

const OPERATOR = `import type { TableStep } from '../compile/scope.ts';

/** \`assert-schema\`: what does not fit is refused by the parser, so the rows go on as they are. */
export function compileAssertSchema(): TableStep {
  return (input) => input;
}
`;

const OPERATOR_TEST = `import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

describe('assert-schema', () => {
  it('leaves rows alone, and none', async () => {
    const rows = 'datatable(a: long)[1, 2]';
    expect(await rowsOf(\`\${rows} | assert-schema (a: long)\`)).toEqual([[1], [2]]);
    expect(await rowsOf(\`\${rows} | where a > 2 | assert-schema (a: long)\`)).toEqual([]);
  });
});
`;

export const OPERATOR_RECIPE: Recipe = {
  kind: 'KQL operator',
  files: {
    'src/engine/operators/assert-schema.ts': OPERATOR,
    'test/engine/operators/assert-schema.test.ts': OPERATOR_TEST,
  },
  edits: [
    replaced(
      'src/engine/operators/registry.ts',
      'import { compileCountRows,',
      "import { compileAssertSchema } from './assert-schema.ts';\nimport { compileCountRows,",
    ),
    lineAfter(
      'src/engine/operators/registry.ts',
      "['ExtendOperator'",
      "  ['AssertSchemaOperator', compileAssertSchema],",
    ),
  ],
  steps: [
    {
      without: 'src/engine/operators/registry.ts',
      check: 'every file of src is taken by another',
      says: 'engine/operators/assert-schema.ts',
    },
    {
      without: 'test/engine/operators/assert-schema.test.ts',
      check: 'every KQL operator has a test',
      says: 'assert-schema',
    },
    { without: 'docs/kql-support.md', check: 'generated files are current', says: 'docs/kql-support.md' },
  ],
};
