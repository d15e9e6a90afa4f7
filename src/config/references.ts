import { resolve } from 'node:path';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import { type ConfigReading, folderOf, reportReference } from './reading.ts';

/** `${env:NAME}` and `${file:PATH}`; `$${` stands for `${` itself. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}/g;
const FORM = /^(env|file):(.+)$/;

/** The value with all references in its texts replaced. A missing variable or file is reported by its name. */
export function resolveReferences(reading: ConfigReading, value: unknown, path: Path): unknown {
  if (typeof value === 'string') return resolveText(reading, value, path);
  if (Array.isArray(value)) return value.map((item, index) => resolveReferences(reading, item, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, resolveReferences(reading, item, [...path, key])]);
  return Object.fromEntries(entries);
}

function resolveText(reading: ConfigReading, text: string, path: Path): string {
  return text.replace(REFERENCE, (whole, inner: string | undefined) => {
    if (inner === undefined) return '${';
    reading.referenced.add(JSON.stringify(path));
    const [, kind, name = ''] = FORM.exec(inner) ?? [];
    if (kind === 'env') return readVariable(reading, name, path);
    if (kind === 'file') return readSecretFile(reading, name, path);
    const message = `"${whole}" is no reference: write \${env:NAME}, \${file:PATH}, or $\${ for the text itself.`;
    reportReference(reading, path, 'CONFIG_INVALID', message);
    return '';
  });
}

function readVariable(reading: ConfigReading, name: string, path: Path): string {
  const text = Object.hasOwn(reading.inputs.env, name) ? reading.inputs.env[name] : undefined;
  if (text !== undefined) return text;
  reportReference(reading, path, 'CONFIG_SECRET_UNREADABLE', `The environment variable ${name} is not set.`);
  return '';
}

/** One line break at the end is what an editor leaves there and no part of the secret. */
function readSecretFile(reading: ConfigReading, name: string, path: Path): string {
  const file = resolve(folderOf(reading), name);
  try {
    return reading.inputs.readFile(file).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as { readonly code?: unknown } | null)?.code;
    const told = typeof reason === 'string' ? ` (${reason})` : '';
    reportReference(reading, path, 'CONFIG_SECRET_UNREADABLE', `The file ${file} cannot be read${told}.`);
    return '';
  }
}
