import { resolve } from 'node:path';
import type { SecretOrigin } from '../lib/secret.ts';
import type { Path } from '../lib/yaml/parse-yaml.ts';
import { type ConfigReading, folderOf, reportReference } from './reading.ts';
import { followSecretFile, unreadableFile, withoutLineBreak } from './secret-file.ts';

/** `${env:NAME}` and `${file:PATH}`; `$${` stands for `${` itself. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}/g;
const FORM = /^(env|file):(.+)$/;

/** A piece of a text: what stands there, or what a file holds at the time. */
type Piece = string | SecretOrigin;

/** The value with all references in its texts replaced. A missing variable or file is reported by its name. */
export function resolveReferences(reading: ConfigReading, value: unknown, path: Path): unknown {
  if (typeof value === 'string') return resolveText(reading, value, path);
  if (Array.isArray(value)) return value.map((item, index) => resolveReferences(reading, item, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, resolveReferences(reading, item, [...path, key])]);
  return Object.fromEntries(entries);
}

function resolveText(reading: ConfigReading, text: string, path: Path): string {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    pieces.push(text.slice(end, match.index), pieceOf(reading, match[0], match[1], path));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  if (pieces.some((piece) => typeof piece !== 'string')) reading.followed.set(JSON.stringify(path), joined(pieces));
  return textOf(pieces);
}

function pieceOf(reading: ConfigReading, whole: string, inner: string | undefined, path: Path): Piece {
  if (inner === undefined) return '${';
  reading.referenced.add(JSON.stringify(path));
  const [, kind, name = ''] = FORM.exec(inner) ?? [];
  if (kind === 'env') return readVariable(reading, name, path);
  if (kind === 'file') return readSecretFile(reading, name, path);
  const message = `"${whole}" is no reference: write \${env:NAME}, \${file:PATH}, or $\${ for the text itself.`;
  reportReference(reading, path, 'CONFIG_INVALID', message);
  return '';
}

function joined(pieces: readonly Piece[]): SecretOrigin {
  return {
    text: () => textOf(pieces),
    trouble: () => pieces.map(troubleOf).find((trouble) => trouble !== null) ?? null,
  };
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text())).join('');
}

function troubleOf(piece: Piece): string | null {
  return typeof piece === 'string' ? null : piece.trouble();
}

function readVariable(reading: ConfigReading, name: string, path: Path): string {
  const text = Object.hasOwn(reading.inputs.env, name) ? reading.inputs.env[name] : undefined;
  if (text !== undefined) return text;
  reportReference(reading, path, 'CONFIG_SECRET_UNREADABLE', `The environment variable ${name} is not set.`);
  return '';
}

function readSecretFile(reading: ConfigReading, name: string, path: Path): Piece {
  const file = resolve(folderOf(reading), name);
  const { readFile, secretFiles } = reading.inputs;
  try {
    const first = withoutLineBreak(readFile(file));
    return secretFiles ? followSecretFile({ path: file, first, files: secretFiles, readFile }) : first;
  } catch (error) {
    reportReference(reading, path, 'CONFIG_SECRET_UNREADABLE', unreadableFile(file, error));
    return '';
  }
}
