import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the generated files are made of, from compiled files (`js`) or, where something compiles on the way, from sources (`ts`). */
export async function loadParts(folder, ending) {
  const load = (file) => import(pathToFileURL(join(folder, `${file}.${ending}`)).href);
  const { ACTIONS: actions } = await load('actions/registry');
  const { ALERT_SCHEMA: alertSchema } = await load('alerts/map/alert-schema');
  const { openApi } = await load('http/description/open-api');
  const { swagger } = await load('http/description/swagger');
  const { documentSchema } = await load('config/config-schema');
  const { hostSchema } = await load('config/host-schema');
  const { carriedFormats } = await load('config/registries');
  const { supportOf, supportPage } = await load('engine/support');
  const { FORMATS: formats } = await load('formats/registry');
  const { PRESETS: presets } = await load('formats/presets/registry');
  const { MAPPING: mapping } = await load('formats/mapping/mapping');
  const { LINT_CHECKS: lintChecks } = await load('rules/lint/registry');
  const { defaultsSchemaOf, overlaySchemaOf } = await load('rules/overlays/overlay-schema');
  const { testFileSchemaOf } = await load('rules/read/test-file-schema');
  const { authSchema: auth } = await load('sources/auth/auth-config');
  const { SOURCES: sources } = await load('sources/registry');
  const { TARGETS: targets } = await load('targets/registry');
  return {
    actions,
    alertSchema,
    openApi,
    swagger,
    documentSchema,
    hostSchema,
    carriedFormats,
    supportOf,
    supportPage,
    formats,
    presets,
    mapping,
    lintChecks,
    defaultsSchemaOf,
    overlaySchemaOf,
    testFileSchemaOf,
    auth,
    sources,
    targets,
  };
}
