type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema 2020-12 of one document of a `NAME.test.yaml`, made of the schema of rules. */
export function testFileSchemaOf(ruleSchema: { readonly properties: { readonly tests: Schema } }): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'test.schema.json',
    title: 'Huntwire tests',
    description: 'Tests of the rule file beside, NAME.yaml or NAME.json; a document for each rule.',
    type: 'object',
    additionalProperties: false,
    required: ['tests'],
    properties: {
      rule: {
        description: 'Id of the rule; needed where the file beside holds several.',
        type: 'string',
        minLength: 1,
      },
      tests: ruleSchema.properties.tests,
    },
  };
}
