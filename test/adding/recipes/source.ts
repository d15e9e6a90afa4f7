import type { Manifest } from '../../parity/manifest.ts';
import { changedDocument, lineAfter, type Recipe, replaced } from '../recipe.ts';

const HOSTS = {
  public: 'https://pond.example',
  gcc: 'https://pond.example',
  gcchigh: 'https://pond.example.us',
  dod: 'https://pond.example.us',
};

const PLUGIN = `import type { ApiTraits } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';

/** An API that is made up. */
export const traits: ApiTraits = {
  api: 'pond',
  path: '/api/pond/run',
  hosts: ${JSON.stringify(HOSTS)},
  hasRegions: false,
  permission: { application: 'ThreatHunting.Read.All', delegated: 'ThreatHunting.Read.All' },
  retiresOn: null,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
};

export const { name, configSchema, create } = huntingPlugin(traits);
`;

const TEST = `import { describeSource } from '../contract/source.ts';
import { COLUMNS, envelope, LEGACY_ROW, NORMAL_ROW } from './encodings.ts';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

describeSource('pond', async () => {
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) return grantToken(seen, response);
    if (seen.method === 'HEAD') return void response.writeHead(404).end();
    const query = String(JSON.parse(seen.body).Query).split('\\n')[1];
    if (query === 'Bad |') return sendJson(response, 400, { error: { code: 'BadRequest', message: 'Fix syntax errors' } });
    sendJson(response, 200, envelope('xdr', query === 'None' ? [] : [LEGACY_ROW]));
  });
  const source = makeSource('pond', { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
  return {
    source,
    some: { ruleId: 'some', query: 'Some', columns: COLUMNS, rows: [NORMAL_ROW] },
    none: { ruleId: 'none', query: 'None', columns: COLUMNS, rows: [] },
    refused: { ruleId: 'bad', query: 'Bad |', code: 'SOURCE_QUERY_INVALID' },
    close: async () => {
      await source.close();
      await server.close();
    },
  };
});
`;

/** The permission of an API that is there, asked for by this one. */
function withPond(manifest: Manifest): Manifest {
  const permissions = manifest.permissions.flatMap((one) => (one.api === 'lake' ? [one, { ...one, ...ASKED }] : [one]));
  const egress = Object.entries(HOSTS).map(([cloud, url]) => ({
    cloud,
    host: new URL(url).hostname,
    port: 443,
    for: 'pond',
  }));
  return {
    ...manifest,
    permissions,
    network: { ...manifest.network, egress: [...manifest.network.egress, ...egress] },
  };
}

const ASKED = { api: 'pond', application: 'ThreatHunting.Read.All', delegated: 'ThreatHunting.Read.All' };

export const SOURCE_RECIPE: Recipe = {
  kind: 'source',
  files: { 'src/sources/pond.ts': PLUGIN, 'test/sources/pond.test.ts': TEST },
  edits: [
    replaced('src/sources/source.ts', "'lake', 'local']", "'lake', 'pond', 'local']"),
    lineAfter('src/sources/registry.ts', "from './mde.ts'", "import * as pond from './pond.ts';"),
    replaced('src/sources/registry.ts', 'lake, local]', 'lake, pond, local]'),
    replaced('docs/configuration.md', '`lake`, `local`.', '`lake`, `pond`, `local`.'),
    replaced('docs/architecture.md', '`lake`, `local` |', '`lake`, `pond`, `local` |'),
    changedDocument('manifest.json', withPond),
    replaced('schemas/manifest.schema.json', '"kusto", "lake"]', '"kusto", "lake", "pond"]'),
    replaced('schemas/manifest.schema.json', '"lake", "region"]', '"lake", "pond", "region"]'),
  ],
  steps: [
    { without: 'src/sources/registry.ts', check: 'every file of src is taken by another', says: 'sources/pond.ts' },
    { without: 'test/sources/pond.test.ts', check: 'every source has a test on the shared contract', says: 'pond' },
    { without: 'docs/configuration.md', check: 'configuration.md names every source', says: 'lacks pond' },
    { without: 'docs/architecture.md', check: 'architecture.md names every source in its words', says: 'lacks pond' },
    { without: 'manifest.json', check: 'every source has its permission in the manifest', says: 'lacks pond' },
    { without: 'manifest.json', check: 'the manifest has every host that is asked', says: 'public pond pond.example' },
    {
      without: 'schemas/manifest.schema.json',
      check: 'manifest.json keeps to its schema',
      says: 'must be equal to one of the allowed values',
    },
    { without: 'schemas/config.schema.json', check: 'generated files are current', says: 'schemas/config.schema.json' },
  ],
};
