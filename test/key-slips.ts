/** A JSON Schema as far as it says which keys a map may have. */
export interface KeySchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, KeySchema>>;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
  readonly additionalProperties?: boolean | KeySchema;
  readonly unevaluatedProperties?: boolean;
  readonly oneOf?: readonly KeySchema[];
  readonly anyOf?: readonly KeySchema[];
  readonly allOf?: readonly KeySchema[];
}

/** A key that a closed map may have: the way to the map (a number: an entry of a list), and all keys of that map. */
export interface ClosedKey {
  readonly way: readonly (string | number)[];
  readonly key: string;
  readonly all: readonly string[];
}

/** Every key of every map of a schema that takes no others. */
export function closedKeys(schema: KeySchema, way: ClosedKey['way'] = [], root = schema): readonly ClosedKey[] {
  const own = resolved(schema, root);
  const all = Object.keys(own.properties ?? {});
  const isClosed = own.additionalProperties === false || own.unevaluatedProperties === false;
  const { additionalProperties: free } = own;
  return [
    ...(isClosed ? all.map((key) => ({ way, key, all })) : []),
    ...Object.entries(own.properties ?? {}).flatMap(([key, one]) => closedKeys(one, [...way, key], root)),
    ...(own.items ? closedKeys(own.items, [...way, 0], root) : []),
    ...(typeof free === 'object' ? closedKeys(free, [...way, 'any'], root) : []),
    ...[own.oneOf, own.anyOf, own.allOf].flatMap((forms = []) => forms.flatMap((one) => closedKeys(one, way, root))),
  ];
}

function resolved(schema: KeySchema, root: KeySchema): KeySchema {
  const name = /^#\/\$defs\/(\w+)$/.exec(schema.$ref ?? '')?.[1];
  return name === undefined ? schema : (root.$defs?.[name] ?? schema);
}

/** Every way to get one letter of a word wrong: left out, doubled, swapped with the next, another one in its place or before it. */
export function slipsOf(word: string): readonly string[] {
  const slips = [...word].flatMap((letter, at) => {
    const [left, right] = [word.slice(0, at), word.slice(at + 1)];
    const other = letter === 'x' ? 'q' : 'x';
    const swapped = left + right.slice(0, 1) + letter + right.slice(1);
    return [left + right, left + letter + letter + right, swapped, left + other + right, left + other + letter + right];
  });
  return [...new Set(slips)].filter((slip) => slip !== word && slip !== '');
}

/** `null` at the end of a way through maps and lists. */
export function documentWith(way: readonly (string | number)[]): unknown {
  return way.reduceRight<unknown>((value, step) => (typeof step === 'number' ? [value] : { [step]: value }), null);
}
