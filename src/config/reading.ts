import { dirname } from 'node:path';
import type { ErrorCode, Problem } from '../lib/errors.ts';
import type { SecretOrigin } from '../lib/secret.ts';
import type { Path, YamlDocument } from '../lib/yaml/parse-yaml.ts';
import type { Registries } from './registries.ts';
import type { SecretFiles } from './secret-file.ts';

export interface ConfigInputs {
  readonly registries: Registries;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  /** How files of secrets are looked at again while we run; left out: they are read once. */
  readonly secretFiles?: SecretFiles;
}

/** A value of a secret's place that could not be had. */
export interface MissingSecret extends Problem {
  /** Where it stands in the configuration. */
  readonly path: Path;
}

/** One configuration being read: everybody reports what is wrong and gives what they can. */
export interface ConfigReading {
  /** Absolute. */
  readonly file: string;
  readonly document: YamlDocument;
  readonly inputs: ConfigInputs;
  readonly problems: Problem[];
  /** Paths (as JSON) of values that came out of a reference, and so are text whatever they mean. */
  readonly referenced: Set<string>;
  /** By path (as JSON): texts that come out of files and may change. */
  readonly followed: Map<string, SecretOrigin>;
  /** Paths (as JSON) whose reference could not be resolved: that was told, and nothing else is told of them. */
  readonly unresolved: Set<string>;
  /** Whoever needs no secrets puts up with what is missing where these stand, and finds it here; null: it is a problem. */
  readonly missing: MissingSecret[] | null;
  /** By the number of a tenant what is wrong with its source and credentials, for who goes on without it; null: these are problems as others are. */
  readonly blocked: Map<number, Problem[]> | null;
}

/** Where what is wrong at a path is told. */
function problemsAt({ blocked, problems }: ConfigReading, [section, index, part]: Path): Problem[] {
  if (!blocked || section !== 'tenants' || typeof index !== 'number' || !(part === 'source' || part === 'auth'))
    return problems;
  const own = blocked.get(index) ?? [];
  blocked.set(index, own);
  return own;
}

/** How much is wrong so far, wherever it is told. */
export function problemCount({ blocked, problems }: ConfigReading): number {
  return [...(blocked?.values() ?? [])].reduce((sum, own) => sum + own.length, problems.length);
}

export function folderOf(reading: ConfigReading): string {
  return dirname(reading.file);
}

/** Reports a problem at the value of `path`. */
export function reportValue(reading: ConfigReading, path: Path, message: string): void {
  if (reading.unresolved.has(JSON.stringify(path))) return;
  const problem = {
    file: reading.file,
    ...reading.document.valuePlace(path),
    code: 'CONFIG_INVALID',
    message,
  } as const;
  problemsAt(reading, path).push(problem);
}

/** Reports a problem at the key of `path`. */
export function reportKey(reading: ConfigReading, path: Path, message: string): void {
  const problem = { file: reading.file, ...reading.document.keyPlace(path), code: 'CONFIG_INVALID', message } as const;
  problemsAt(reading, path).push(problem);
}

/** Reports a reference at `path` that leads nowhere. */
export function reportReference(reading: ConfigReading, path: Path, code: ErrorCode, message: string): void {
  reading.unresolved.add(JSON.stringify(path));
  const problem = { file: reading.file, ...reading.document.valuePlace(path), code, message };
  if (reading.missing && code === 'CONFIG_SECRET_UNREADABLE' && isSecretPlace(path)) {
    reading.missing.push({ ...problem, path });
  } else problemsAt(reading, path).push(problem);
}

/** Whether a value is only for asking a source, for making alerts or for delivering to a target: credentials, keys, addresses, certificates. */
function isSecretPlace(path: Path): boolean {
  const [section, key, setting] = path[0] === 'tenants' ? path.slice(2) : path;
  if (section === 'source') return key !== 'api';
  if (section === 'redact') return key === 'key';
  return section === 'auth' || (section === 'targets' && setting !== 'type');
}
