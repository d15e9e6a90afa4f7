/** Writes schemas/config.schema.json from the plugins' own schemas. Run `npm run build` first, then `node scripts/generate-schemas.mjs`. */
import { writeFileSync } from 'node:fs';
import { configSchema } from '../dist/config/config-schema.js';
import { FORMATS } from '../dist/formats/registry.js';
import { authSchema } from '../dist/sources/auth/auth-config.js';
import { SOURCES } from '../dist/sources/registry.js';
import { TARGETS } from '../dist/targets/registry.js';

const schema = configSchema({ sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema });
writeFileSync(new URL('../schemas/config.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
