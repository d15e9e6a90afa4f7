import { resolve } from 'node:path';
import type { Problem } from '../lib/errors.ts';
import { inFileOrder } from '../lib/problem-order.ts';
import type { Secret } from '../lib/secret.ts';
import { parseYaml, type YamlDocument } from '../lib/yaml/parse-yaml.ts';
import type { Redaction } from '../rules/rule.ts';
import { invalidConfig, whyUnreadable } from './blocked/invalid-config.ts';
import type { Config, HttpConfig, Settings } from './config.ts';
import { readFallbacks } from './fallbacks.ts';
import { frameSchema } from './frame-schema.ts';
import { readHeartbeat, readJournalSection } from './health-sections.ts';
import { readLinks } from './links.ts';
import { readMetricsPush } from './operation/metrics-push.ts';
import { readRetention } from './operation/retention.ts';
import { sectionDigests } from './operation/section-digests.ts';
import { readStateSection } from './operation/state-section.ts';
import type { ConfigInputs, ConfigReading, MissingSecret } from './reading.ts';
import { resolveReferences } from './references.ts';
import { readRoutes, readTargetWays } from './routes.ts';
import { isRecord } from './schema-walk.ts';
import { readSettings } from './settings.ts';
import { readMaintenance, readSilences } from './silences.ts';
import { checkTargetNames, readTargets } from './targets.ts';
import { readTenants } from './tenants.ts';
import { readWindows } from './windows-section.ts';

const ANY_OBJECT = { type: 'object' };
const FRAME = frameSchema({ source: ANY_OBJECT, auth: ANY_OBJECT, target: ANY_OBJECT });

/**
 * Reads and validates a configuration file. Throws one CONFIG_INVALID error with all problems and their places;
 * CONFIG_SECRET_UNREADABLE where nothing else is wrong than a variable or file that a value refers to.
 */
export function loadConfig(file: string, inputs: ConfigInputs): Config {
  return load(file, inputs, NOBODY);
}

/**
 * As loadConfig, for who goes on without the tenants whose source or credentials are wrong, as long as another one is whole: they are in
 * the configuration, blocked.
 */
export function loadWithBlocked(file: string, inputs: ConfigInputs): Config {
  return load(file, inputs, { ...NOBODY, blocked: new Map() });
}

/** A configuration for those who ask no source and deliver nothing, and the secrets that it lacks. Other problems are thrown as by loadConfig. */
export interface SecretlessConfig {
  readonly config: Config;
  /** How many values come from elsewhere. */
  readonly references: number;
  readonly missing: readonly MissingSecret[];
}

/** `blocked`: tenants that are wrong otherwise are no hindrance, as by loadWithBlocked. */
export function loadWithoutSecrets(
  file: string,
  inputs: ConfigInputs,
  blocked: ConfigReading['blocked'] = null,
): SecretlessConfig {
  const missing: MissingSecret[] = [];
  const referenced = new Set<string>();
  const config = load(file, inputs, { missing, referenced, blocked });
  return { config, references: referenced.size, missing };
}

/** What stands of a configuration in which other things are wrong. Never run it: what is refused is left out or has its default. */
export interface SoundParts extends SecretlessConfig {
  /** All that is wrong, in the order of the file; none: the configuration is whole. */
  readonly problems: readonly Problem[];
  /** Rule files and folders, those of tenants that are refused too. */
  readonly rules: readonly string[];
}

/** For who examines a configuration. Throws as loadConfig does where the file is no YAML document at all. */
export function loadSoundParts(file: string, inputs: ConfigInputs): SoundParts {
  const missing: MissingSecret[] = [];
  const referenced = new Set<string>();
  const { path, reading, found } = readFile(file, inputs, { missing, referenced, blocked: null });
  const problems = inFileOrder(reading.problems);
  if (!found) throw invalidConfig(path, problems);
  return { ...found, references: referenced.size, missing, problems };
}

/** What a caller puts up with, as in ConfigReading, and wants to know. */
type Lenience = Pick<ConfigReading, 'missing' | 'blocked'> & Partial<Pick<ConfigReading, 'referenced'>>;

const NOBODY: Lenience = { missing: null, blocked: null };

function load(file: string, inputs: ConfigInputs, lenience: Lenience): Config {
  const { path, reading, found } = readFile(file, inputs, lenience);
  const blocked = [...(reading.blocked?.values() ?? [])].flat();
  const isWhole = found?.config.tenants.some((tenant) => !tenant.blocked) ?? false;
  if (found && reading.problems.length === 0 && (blocked.length === 0 || isWhole)) return found.config;
  throw invalidConfig(path, inFileOrder([...reading.problems, ...blocked]));
}

interface FoundConfig {
  readonly config: Config;
  readonly rules: readonly string[];
}

function readFile(
  file: string,
  inputs: ConfigInputs,
  { missing, blocked, referenced = new Set() }: Lenience,
): {
  readonly path: string;
  readonly reading: Pick<ConfigReading, 'problems' | 'blocked'>;
  readonly found: FoundConfig | null;
} {
  const path = resolve(file);
  const problems: Problem[] = [];
  const document = parse(path, inputs, problems);
  const kept = { referenced, unresolved: new Set<string>(), followed: new Map(), missing, blocked };
  const found = document ? read({ file: path, document, inputs, problems, ...kept }) : null;
  return { path, reading: { problems, blocked }, found };
}

function parse(file: string, inputs: ConfigInputs, problems: Problem[]): YamlDocument | null {
  const fail = (message: string): null => {
    problems.push({ file, line: null, column: null, code: 'CONFIG_INVALID', message });
    return null;
  };
  let text: string;
  try {
    text = inputs.readFile(file);
  } catch (error) {
    return fail(whyUnreadable((error as { readonly code?: unknown } | null)?.code));
  }
  const parsed = parseYaml(file, text, 'CONFIG_INVALID');
  problems.push(...parsed.problems);
  if (problems.length > 0) return null;
  const [document, ...more] = parsed.documents;
  if (!document) return fail('The configuration is empty.');
  return more.length > 0 ? fail('The configuration must be one YAML document.') : document;
}

/** Sections that the frame refuses are read all the same, so that their own problems are told in the same go. */
function read(reading: ConfigReading): FoundConfig | null {
  const raw = resolveReferences(reading, reading.document.value, []);
  const frame = readSettings(reading, FRAME, raw, []);
  if (!isRecord(raw)) return null;
  const sound = frame ?? soundFrame(reading, raw);
  const tenants = readTenants(reading, raw, sound);
  const targets = readTargets(reading, raw.targets);
  const fallbacks = readFallbacks(reading, targets);
  const targetWays = readTargetWays(reading, targets);
  const routes = readRoutes(reading, raw.routes, targets);
  const silences = [...readSilences(reading, raw.silences), ...readMaintenance(reading, raw.maintenance)];
  const links = readLinks(reading, raw.links);
  const windows = readWindows(reading, raw.windows);
  const heartbeat = readHeartbeat(reading, raw.heartbeat, targets);
  const retention = readRetention(reading, raw.retention);
  const digests = sectionDigests(raw);
  // Left out it is not what it is when it is empty: nothing listens then.
  const http = isRecord(raw.http) ? httpOf(sound?.http) : null;
  const health = isRecord(raw.health) ? raw.health.targets : undefined;
  checkTargetNames(reading, targets, ['defaultTargets'], raw.defaultTargets);
  checkTargetNames(reading, targets, ['health', 'targets'], health);
  if (!sound) return null;
  const rules = [...((sound.rules ?? []) as readonly string[]), ...tenants.flatMap((tenant) => tenant.rules)];
  return {
    config: assembled(reading, sound, {
      ...{
        tenants,
        targets,
        fallbacks,
        targetWays,
        routes,
        silences,
        links,
        windows,
        http,
        heartbeat,
        retention,
        digests,
      },
    }),
    rules: [...new Set(rules)],
  };
}

/** The frame without the keys at the top that it refuses; nothing is reported of them again. */
function soundFrame(reading: ConfigReading, raw: Settings): Settings | null {
  const silent = (): ConfigReading => ({ ...reading, problems: [], missing: [] });
  const sound = Object.entries(raw).filter(([key, value]) => readSettings(silent(), FRAME, { [key]: value }, []));
  return readSettings(silent(), FRAME, Object.fromEntries(sound), []);
}

function assembled(
  reading: ConfigReading,
  frame: Settings,
  {
    tenants,
    targets,
    fallbacks,
    ...sections
  }: Pick<
    Config,
    | 'tenants'
    | 'targets'
    | 'fallbacks'
    | 'targetWays'
    | 'routes'
    | 'silences'
    | 'links'
    | 'windows'
    | 'http'
    | 'heartbeat'
    | 'retention'
    | 'digests'
  >,
): Config {
  const defaultTargets = (frame.defaultTargets ?? Object.freeze([])) as readonly string[];
  const health = frame.health as { readonly targets?: readonly string[] } | undefined;
  return Object.freeze({
    file: reading.file,
    tenants,
    targets,
    fallbacks,
    defaultTargets,
    ...sections,
    redact: redactOf(frame.redact),
    healthTargets: health?.targets ?? defaultTargets,
    healthByRoutes: health?.targets === undefined,
    functions: (frame.functions ?? Object.freeze([])) as readonly string[],
    watchlists: (frame.watchlists ?? Object.freeze({})) as Config['watchlists'],
    ...(frame.schemas !== undefined && { schemas: frame.schemas as readonly string[] }),
    overlays: (frame.overlays ?? Object.freeze([])) as readonly string[],
    events: readJournalSection(reading, frame.events, targets),
    metrics: readMetricsPush(reading, frame.metrics),
    state: readStateSection(reading, frame.state),
    log: frame.log as Config['log'],
    lint: frame.lint as Config['lint'],
    watch: frame.watch === true,
  });
}

function httpOf(section: unknown): Config['http'] {
  if (!isRecord(section)) return null;
  const http = section as unknown as HttpConfig;
  return { ...http, host: http.host.includes(':') ? `[${http.host.replace(/^\[|\]$/g, '')}]` : http.host };
}

function redactOf(section: unknown): Config['redact'] {
  if (!isRecord(section)) return null;
  const { columns, how, key } = section as unknown as Redaction & { readonly key?: Secret };
  return { columns, how, key: key ?? null };
}
