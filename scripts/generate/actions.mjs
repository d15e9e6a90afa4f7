/** The actions of the manifest, made of the registry; one that stands only in the manifest stays as it is. */
export function manifestActions(actions, now) {
  const made = [...actions.values()].map(manifestAction);
  const bySlug = new Map(made.map((action) => [action.slug, action]));
  const listed = now.map((action) => bySlug.get(action.slug) ?? action);
  const missing = made.filter(({ slug }) => !now.some((action) => action.slug === slug));
  return [...listed, ...missing];
}

const CONFIG = {
  type: 'string',
  description: 'Configuration file; huntwire.yaml in the working folder where left out.',
  'x-cli': '--config',
};

function manifestAction({ uuid, name, slug, description, scope, asksTenant, command, input, commandOnly, results }) {
  const ofCommand = Object.entries({ ...commandOnly, config: CONFIG }).map(([key, schema]) => [
    key,
    { ...schema, 'x-command-only': true },
  ]);
  const required = input.required.filter((key) => !/^\[/.test(input.properties[key]['x-cli'] ?? ''));
  return {
    ...{ uuid, name, slug, description, docker_parameters: slug, command, scope },
    http: { method: 'POST', path: `/v1/actions/${slug}` },
    arguments: {
      type: 'object',
      additionalProperties: false,
      ...(required.length > 0 && { required }),
      properties: { ...input.properties, ...Object.fromEntries(ofCommand) },
    },
    read_only: scope !== 'write',
    needs_api_permission: asksTenant,
    results,
  };
}
