import type { Problem } from '../../lib/errors.ts';
import { inFileOrder } from '../../lib/problem-order.ts';
import type { Path } from '../../lib/yaml/parse-yaml.ts';
import type { Settings, TenantConfig } from '../config.ts';
import type { ConfigReading } from '../reading.ts';
import { resolveReferences } from '../references.ts';
import { isRecord } from '../schema-walk.ts';
import { invalidConfig } from './invalid-config.ts';

/** A tenant whose sections are wrong, and where they stand. */
export interface WrongTenant {
  readonly name: string;
  readonly api: string;
  readonly rules: readonly string[];
  readonly path: Path;
  readonly problems: readonly Problem[];
}

/** Reads the sections of a tenant, references in them resolved. */
type ReadSections = (reading: ConfigReading, raw: Settings) => TenantConfig | null;

/** The tenant as one that cannot be asked, and how it is read again. */
export function blockTenant(reading: ConfigReading, wrong: WrongTenant, readSections: ReadSections): TenantConfig {
  const { name, api, rules, path } = wrong;
  const again = (): TenantConfig => readAgain(reading, path, readSections);
  const problems = inFileOrder(wrong.problems);
  return Object.freeze({ name, source: Object.freeze({ api }), auth: null, rules, blocked: { problems, again } });
}

function readAgain({ file, document, inputs }: ConfigReading, path: Path, readSections: ReadSections): TenantConfig {
  const problems: Problem[] = [];
  const kept = { referenced: new Set<string>(), unresolved: new Set<string>(), followed: new Map() };
  const reading: ConfigReading = { file, document, inputs, problems, ...kept, missing: null, blocked: null };
  const raw = resolveReferences(reading, sectionAt(document.value, path), path);
  const found = isRecord(raw) ? readSections(reading, raw) : null;
  if (!found || problems.length > 0) throw invalidConfig(file, inFileOrder(problems));
  return found;
}

function sectionAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((section, key) => (section as Readonly<Record<string | number, unknown>>)[key], value);
}
