import type { Config } from '../../config/config.ts';
import { rulesOf } from '../../config/operation/rules-of-tenant.ts';
import { rulePlacesOf } from '../../config/rule-paths.ts';
import { createKeptReader, type FileKeeping } from '../../rules/kept/kept-reader.ts';
import { type LoadedRules, loadRules } from '../../rules/load-rules.ts';
import { readRulesOfText, type TextReader, type TextReading } from '../../rules/read-text.ts';
import type { Rule } from '../../rules/rule.ts';
import { diskRules } from '../../rules/rule-files.ts';
import { runnerKeeping } from './keeping.ts';

/** The rules of a configuration, as their files are now. */
export interface RulesInFiles extends LoadedRules {
  /** Those that a tenant runs, as its source sees them. */
  readonly rulesOf: (tenant: string) => readonly Rule[];
}

export type LookAtRules = (config: Config) => Promise<RulesInFiles>;

/**
 * Reads them for who looks on beside a runner: all files once, with what the runner has kept of those that it read. What was read is
 * remembered for the next look, so that only what has changed since is read anew; nothing is written.
 */
export function createRulesLook(keepingOf: (state: string) => FileKeeping | null = runnerKeeping): LookAtRules {
  let remembered: ReadonlyMap<string, Remembered> = new Map();
  return async (config) => {
    const kept = 'path' in config.state ? keepingOf(config.state.path) : null;
    const read = new Map<string, Remembered>();
    const anew = kept ? createKeptReader(kept) : readRulesOfText;
    try {
      const loaded = await loadRules(rulePlacesOf(config), diskRules, remembering(remembered, read, anew));
      return { ...loaded, rulesOf: (name) => rulesOfTenant(config, name, loaded.rules) };
    } finally {
      kept?.leave();
      remembered = read;
    }
  };
}

interface Remembered {
  readonly text: string;
  readonly reading: TextReading;
}

function remembering(
  old: ReadonlyMap<string, Remembered>,
  read: Map<string, Remembered>,
  anew: TextReader,
): TextReader {
  return async (file, text) => {
    const known = old.get(file);
    const reading = known?.text === text ? known.reading : await anew(file, text);
    read.set(file, { text, reading });
    return reading;
  };
}

function rulesOfTenant({ tenants }: Config, name: string, rules: readonly Rule[]): readonly Rule[] {
  const tenant = tenants.find((one) => one.name === name);
  return tenant ? rulesOf(tenant, rules) : [];
}
