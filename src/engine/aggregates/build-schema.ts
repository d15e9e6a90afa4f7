import type { AggregateFunction, Value } from '../value.ts';
import { dynamicType, isArray, isBag } from '../values/dynamic.ts';
import { defineAggregate } from './define.ts';

/** What is known of the values in one place: names of scalar types, members of bags, elements of arrays. */
interface Schema {
  readonly scalars: Set<string>;
  readonly members: Map<string, Schema>;
  isBag: boolean;
  elements: Schema | null;
}

const ELEMENTS = '`indexer`';

function emptySchema(): Schema {
  return { scalars: new Set(), members: new Map(), isBag: false, elements: null };
}

function scalarName(value: Value): string {
  const type = dynamicType(value);
  return type === 'real' ? 'double' : type === 'bool' ? 'bool' : type;
}

function learn(schema: Schema, value: Value): void {
  if (value === null) return;
  if (isArray(value)) {
    schema.elements ??= emptySchema();
    for (const item of value) learn(schema.elements, item);
  } else if (isBag(value)) {
    schema.isBag = true;
    for (const [key, item] of value) {
      const member = schema.members.get(key) ?? emptySchema();
      schema.members.set(key, member);
      learn(member, item);
    }
  } else {
    schema.scalars.add(scalarName(value));
  }
}

/** One type as its name, several as an array. */
function describe({ scalars, members, isBag: hasBag, elements }: Schema): Value {
  const bag: Value[] = hasBag ? [new Map([...members].map(([key, member]) => [key, describe(member)]))] : [];
  const array: Value[] = elements ? [new Map([[ELEMENTS, describe(elements)]])] : [];
  const types: Value[] = [...bag, ...array, ...[...scalars].sort()];
  return types.length < 2 ? (types[0] ?? null) : types;
}

/** The narrowest schema that fits all values. */
export const SCHEMAS: readonly AggregateFunction[] = [
  defineAggregate<Schema>('buildschema', ({ types: [type = ''] }) => {
    if (type !== 'dynamic') return null;
    return {
      start: emptySchema,
      add(schema, values) {
        learn(schema, values[0] ?? null);
        return schema;
      },
      finish: (schema) => describe(schema),
    };
  }),
];
