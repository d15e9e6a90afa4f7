import { pathToFileURL } from 'node:url';
import type { FileEdit, LintFinding } from '../../rules/lint/check.ts';
import { LINT_CHECKS } from '../../rules/lint/registry.ts';
import { version } from '../version.ts';
import type { FileLines } from './file-lines.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { relativePath } from './relative-path.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Findings as a SARIF 2.1.0 log, for code scanning: paths from the working folder on, fingerprints that outlive moved lines. */
export function sarifOf(findings: readonly LintFinding[], cwd: string, lines: FileLines): unknown {
  const rules = [...LINT_CHECKS.map(ruleOf), ...othersIn(findings).map(otherRule)];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const fingerprints = fingerprintsOf(findings, cwd, lines);
  const results = findings.map((finding, index) => ({
    ruleId: finding.check,
    ruleIndex: indexes.get(finding.check) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: messageOf(finding) },
    locations: [{ physicalLocation: { artifactLocation: locationOf(finding.file, cwd), region: regionOf(finding) } }],
    partialFingerprints: { primaryLocationLineHash: fingerprints[index] },
    ...(finding.fix && { fixes: [fixOf(finding, finding.fix, cwd)] }),
  }));
  const driver = { name: 'Huntwire', version, semanticVersion: version, rules };
  return { $schema: SCHEMA, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] };
}

function ruleOf({ id, description, why, mend, severity }: (typeof LINT_CHECKS)[number]) {
  return {
    id,
    shortDescription: { text: description },
    fullDescription: { text: `${description} ${why}` },
    help: { text: `${why}\n\n${mend}`, markdown: `**Why**: ${why}\n\n**Mend it**: ${mend}` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

/** What keeps a file or rule from being read is no check of lint and goes by the code of its error. */
function otherRule(id: string): ReturnType<typeof ruleOf> {
  const text = 'A rule that cannot be read or cannot run.';
  const help = 'See docs/errors.md for the code.';
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: 'error' },
  };
}

function othersIn(findings: readonly LintFinding[]): readonly string[] {
  const known = new Set(LINT_CHECKS.map(({ id }) => id));
  return [...new Set(findings.map(({ check }) => check))].filter((check) => !known.has(check));
}

function messageOf({ message, suggestion }: LintFinding): string {
  return suggestion === null ? message : `${message} ${suggestion}`;
}

/** Below the working folder relative to it, so that another machine knows the file; elsewhere as an address. */
function locationOf(file: string, cwd: string): { readonly uri: string; readonly uriBaseId?: string } {
  const short = relativePath(cwd, file);
  if (short === file.replaceAll('\\', '/')) return { uri: pathToFileURL(file).href };
  return { uri: short.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function regionOf({ line, column, endLine, endColumn }: Omit<FileEdit, 'text' | 'endLine' | 'endColumn'> & Ends) {
  const end = endLine === null || endColumn === null ? {} : { endLine, endColumn };
  return { startLine: line, startColumn: column, ...end };
}

interface Ends {
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

function fixOf({ file, suggestion, message }: LintFinding, edits: readonly FileEdit[], cwd: string) {
  const replacements = edits.map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } }));
  return {
    description: { text: suggestion ?? message },
    artifactChanges: [{ artifactLocation: locationOf(file, cwd), replacements }],
  };
}
