import { basename } from 'node:path';
import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import defaultsSchema from '../../../schemas/defaults.schema.json' with { type: 'json' };
import overlaySchema from '../../../schemas/overlay.schema.json' with { type: 'json' };
import ruleSchema from '../../../schemas/rule.schema.json' with { type: 'json' };
import testSchema from '../../../schemas/test.schema.json' with { type: 'json' };
import { readerOfText } from '../../rules/readers/registry.ts';
import { DEFAULTS_FILE } from '../../rules/rule-places.ts';
import { type FileRole, roleOf } from '../look/file-role.ts';
import type { EditorScope } from '../scope.ts';
import type { SchemaNode } from './schema-at.ts';

/** What a YAML file may say; null: nothing of ours, as in files of other products. */
export function schemaOf(file: string, text: string, scope: EditorScope): SchemaNode | null {
  if (!/\.ya?ml$/i.test(file)) return null;
  const schema: unknown = SCHEMAS[roleOf(file, text, scope)](file, text);
  return schema as SchemaNode | null;
}

const SCHEMAS: Readonly<Record<FileRole, (file: string, text: string) => unknown>> = {
  config: () => configSchema,
  tests: () => testSchema,
  rule: (_, text) => (readerOfText(text).format === 'native' ? ruleSchema : null),
  shared: (file, text) => {
    if (basename(file) === DEFAULTS_FILE) return defaultsSchema;
    return /^overlays\s*:/m.test(text) || text.trim() === '' ? overlaySchema : null;
  },
  none: () => null,
};
