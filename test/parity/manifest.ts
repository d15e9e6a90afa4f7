import { Ajv2020 } from 'ajv/dist/2020.js';
import metaSchema from 'ajv/dist/refs/json-schema-draft-07.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import type { Command } from 'commander';
import type { ParityCheck, Subject } from './check.ts';

/** manifest.json as far as the checks look at it. */
export interface Manifest {
  readonly actions: readonly ManifestAction[];
  readonly triggers: readonly ManifestAction[];
  readonly permissions: readonly { readonly api: string; readonly application: string; readonly delegated: string }[];
  readonly network: { readonly egress: readonly Egress[] };
}

interface Egress {
  readonly cloud: string;
  readonly host: string;
  readonly port: number;
  /** `login`, an API or `region`. */
  readonly for: string;
}

interface ManifestAction {
  readonly slug: string;
  /** `huntwire`, the verb, what follows. */
  readonly command: readonly string[];
  readonly arguments: { readonly properties: Readonly<Record<string, { readonly 'x-cli'?: string }>> };
}

/** Options that are for people: a host asks for documents. */
const FOR_PEOPLE = ['--format', '--trace', '--version'];
/**
 * What an action leaves out of what its verb can be told: the inner verbs of dlq share their options; an action that only looks neither
 * writes files nor waits for somebody to, and gives one form of document.
 */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  show_dead_letter: ['--target'],
  run_query: ['--schema'],
  run_rule: ['--skip-broken'],
  get_status: ['--watch', '--every', '--check'],
  validate_rules: ['--fix', '--watch', '--report'],
  test_rules: ['--update', '--untested', '--fail-untested'],
};

export function manifestOf({ tree }: Pick<Subject, 'tree'>): Manifest {
  return JSON.parse(tree.read('manifest.json') ?? '{}');
}

/** manifest.json against its schema and the command line. */
export const MANIFEST_CHECKS: readonly ParityCheck[] = [
  {
    name: 'manifest.json keeps to its schema',
    complaints: (subject) => {
      const ajv = new Ajv2020({ strict: false, allErrors: true });
      (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
      ajv.addMetaSchema(metaSchema);
      const validate = ajv.compile(JSON.parse(subject.tree.read('schemas/manifest.schema.json') ?? 'false'));
      if (validate(manifestOf(subject))) return [];
      return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    },
  },
  {
    name: 'every action takes what its verb takes',
    complaints: (subject) => {
      const { actions, triggers } = manifestOf(subject);
      const ofVerbs = [...actions, ...triggers].filter(({ command }) => command[1] !== 'action');
      return ofVerbs.flatMap((action) => {
        const command = commandOf(subject, action);
        return command ? mismatches(action, sayable(command)) : [`${action.slug} names no verb`];
      });
    },
  },
];

function commandOf({ catalogue }: Subject, { command: [, name, second] }: ManifestAction): Command | undefined {
  const verb = catalogue.program.commands.find((one) => one.name() === name);
  return verb?.commands.find((one) => one.name() === second) ?? verb;
}

/** What can be said to a verb, as `x-cli` writes it. */
function sayable(command: Command): readonly string[] {
  const positional = command.registeredArguments.map((one) => {
    const name = one.variadic ? `${one.name()}...` : one.name();
    return one.required ? `<${name}>` : `[${name}]`;
  });
  const options = command.options.map((option) => option.long ?? '');
  return [...positional, ...options.filter((name) => !FOR_PEOPLE.includes(name))];
}

function mismatches({ slug, arguments: { properties } }: ManifestAction, taken: readonly string[]): readonly string[] {
  const named = Object.values(properties).flatMap((one) => one['x-cli'] ?? []);
  const missing = taken.filter((name) => !named.includes(name) && !LEFT_OUT[slug]?.includes(name));
  return [
    ...named.filter((name) => !taken.includes(name)).map((name) => `${slug} has ${name}, which its verb has not`),
    ...missing.map((name) => `${slug} lacks ${name}`),
  ];
}
