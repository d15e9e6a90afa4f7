/**
 * Writes schemas/config.schema.json from the plugins' own schemas. Run `npm run build`, then `node scripts/generate-schemas.mjs`,
 * then `npx biome format --write schemas`. Another folder with the compiled files may be given.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const compiled = pathToFileURL(resolve(process.argv[2] ?? 'dist'));
const load = (file) => import(`${compiled}/${file}`);
const { configSchema } = await load('config/config-schema.js');
const { FORMATS } = await load('formats/registry.js');
const { authSchema } = await load('sources/auth/auth-config.js');
const { SOURCES } = await load('sources/registry.js');
const { TARGETS } = await load('targets/registry.js');

const schema = configSchema({ sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema });
writeFileSync(new URL('../schemas/config.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
