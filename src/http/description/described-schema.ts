import type { JsonSchema } from '../../actions/schema.ts';

/** How a form of description writes what JSON Schema says otherwise. */
export interface SchemaForm {
  /** The key that says that a value may be null. */
  readonly nullable: 'nullable' | 'x-nullable';
  /** Where named schemas stand. */
  readonly place: '#/components/schemas/' | '#/definitions/';
}

export const OPENAPI_FORM: SchemaForm = { nullable: 'nullable', place: '#/components/schemas/' };
export const SWAGGER_FORM: SchemaForm = { nullable: 'x-nullable', place: '#/definitions/' };

/** What says nothing of a value, or only to us. */
const LEFT_OUT = ['$schema', '$id', 'x-cli', 'x-command-only'];
const NAMED: Readonly<Record<string, string>> = { 'schemas/alert.schema.json': 'Alert' };

type Node = Readonly<Record<string, unknown>>;

/**
 * A schema of ours as OpenAPI 3.0 and Swagger 2.0 have them: one type each, null beside it. With `open`, objects may have more than is
 * named: that is how documents grow, and what reads them must not mind.
 */
export function describedSchema(schema: JsonSchema, form: SchemaForm, open: boolean): JsonSchema {
  if (typeof schema.$ref === 'string') return { $ref: `${form.place}${NAMED[schema.$ref] ?? schema.$ref}` };
  const { oneOf, ...rest } = schema;
  if (Array.isArray(oneOf)) return eitherOf(oneOf as readonly Node[], rest, form, open);
  const kept = Object.entries(rest).filter(([key]) => !LEFT_OUT.includes(key) && key !== 'type' && key !== 'enum');
  const inner = kept
    .filter(([key, value]) => !(open && key === 'additionalProperties' && value === false))
    .filter(([key, value]) => !(key === 'required' && Array.isArray(value) && value.length === 0))
    .map(([key, value]) => [key, innerValue(key, value, form, open)]);
  return { ...typeOf(schema, form), ...Object.fromEntries(inner) };
}

function innerValue(key: string, value: unknown, form: SchemaForm, open: boolean): unknown {
  if (key === 'properties')
    return Object.fromEntries(
      Object.entries(value as Node).map(([name, one]) => [name, describedSchema(one as Node, form, open)]),
    );
  const isSchema = (key === 'items' || key === 'additionalProperties') && typeof value === 'object' && value !== null;
  return isSchema ? describedSchema(value as Node, form, open) : value;
}

/** Of two forms one of which is null, the other may be null; of others nothing can be said in both forms of description. */
function eitherOf(forms: readonly Node[], rest: Node, form: SchemaForm, open: boolean): JsonSchema {
  const [first, ...more] = forms.filter(({ type }) => type !== 'null');
  if (!first || more.length > 0) return { ...rest };
  return { ...describedSchema({ ...first, ...rest }, form, open), [form.nullable]: true };
}

function typeOf({ type, enum: words }: JsonSchema, form: SchemaForm): JsonSchema {
  const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]) as readonly string[];
  const [only, ...more] = types.filter((one) => one !== 'null');
  const texts = Array.isArray(words) ? words.filter((one) => one !== null) : null;
  const isNullable = types.includes('null') || (Array.isArray(words) && words.includes(null));
  const said = only ?? (texts ? 'string' : types.length > 0 ? 'object' : undefined);
  return {
    ...(said !== undefined && more.length === 0 && { type: said }),
    ...(texts && { enum: isNullable && form.nullable === 'nullable' ? [...texts, null] : texts }),
    ...(isNullable && said !== undefined && more.length === 0 && { [form.nullable]: true }),
  };
}
