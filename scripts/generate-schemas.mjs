/**
 * Writes schemas/config.schema.json from the plugins' own schemas, and the configuration in manifest.json from that. Run `npm run build`,
 * then `node scripts/generate-schemas.mjs`, then `npx biome format --write schemas manifest.json`. Another folder with the compiled files
 * may be given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const compiled = pathToFileURL(resolve(process.argv[2] ?? 'dist'));
const load = (file) => import(`${compiled}/${file}`);
const { configSchema } = await load('config/config-schema.js');
const { hostSchema } = await load('config/host-schema.js');
const { FORMATS } = await load('formats/registry.js');
const { authSchema } = await load('sources/auth/auth-config.js');
const { SOURCES } = await load('sources/registry.js');
const { TARGETS } = await load('targets/registry.js');

const schema = configSchema({ sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema });
writeFileSync(new URL('../schemas/config.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);

const manifestFile = new URL('../manifest.json', import.meta.url);
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
const { schema: form, secrets } = hostSchema(schema);
writeFileSync(manifestFile, JSON.stringify({ ...manifest, configuration: { ...form, secrets } }));
