/** Where a process listens unless it is told otherwise. */
const BASE = 'http://127.0.0.1:8484';
const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** Descriptions for hosts that import actions, and the items of a module for hosts that read one file each; by path, as JSON. */
export function hostFiles({ actions, alertSchema, openApi, swagger }, manifest) {
  const described = { version: manifest.version, base: BASE, alert: alertSchema };
  const written = [
    ['hosts/openapi.json', openApi(described)],
    ['hosts/swagger.json', swagger(described)],
    ['hosts/sekoia/manifest.json', moduleOf(manifest)],
    ...[...actions.values()].map((action) => [`hosts/sekoia/action_${action.slug}.json`, itemOf(action, alertSchema)]),
    ...manifest.triggers.map((trigger) => [
      `hosts/sekoia/trigger_${trigger.slug}.json`,
      triggerOf(trigger, alertSchema),
    ]),
  ];
  return written.map(([path, document]) => [path, JSON.stringify(document, null, 2)]);
}

/** What such a host knows of a module. */
function moduleOf({ uuid, name, slug, version, description, categories, configuration }) {
  return { uuid, name, slug, version, description, categories, configuration };
}

function itemOf({ uuid, name, slug, description, input, results }, alertSchema) {
  const given = { $schema: DRAFT, ...withoutOurs(input) };
  return {
    uuid,
    name,
    slug,
    description,
    docker_parameters: slug,
    arguments: given,
    results: whole(results, alertSchema),
  };
}

function triggerOf({ uuid, name, slug, description, arguments: given, results }, alertSchema) {
  const { config: _, ...properties } = given.properties;
  const taken = { $schema: DRAFT, ...given, properties };
  return {
    uuid,
    name,
    slug,
    description,
    docker_parameters: slug,
    arguments: withoutOurs(taken),
    results: whole(results, alertSchema),
  };
}

/** With the schema of an alert where it is only named: each file stands by itself. */
function whole(schema, { $schema: _draft, $id: _id, ...alert }) {
  const filled = (node) => {
    if (Array.isArray(node)) return node.map(filled);
    if (typeof node !== 'object' || node === null) return node;
    if (node.$ref === 'schemas/alert.schema.json') return alert;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, filled(value)]));
  };
  return { $schema: DRAFT, ...filled(schema) };
}

function withoutOurs(node) {
  if (Array.isArray(node)) return node.map(withoutOurs);
  if (typeof node !== 'object' || node === null) return node;
  const own = Object.entries(node).filter(([key]) => !['x-cli', 'x-command-only'].includes(key));
  return Object.fromEntries(own.map(([key, value]) => [key, withoutOurs(value)]));
}
