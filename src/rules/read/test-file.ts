import ruleSchema from '../../../schemas/rule.schema.json' with { type: 'json' };
import type { Problem } from '../../lib/errors.ts';
import { compileSchema } from '../../lib/schema-problems.ts';
import { parseYaml, type YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import type { Rule, RuleTest } from '../rule.ts';
import type { RawTest } from './raw.ts';
import { type Reading, report, reportAt } from './reading.ts';
import { testFileSchemaOf } from './test-file-schema.ts';
import { readTests } from './tests.ts';

interface RawTestFile {
  /** Id of the rule; needed where the file beside holds several. */
  readonly rule?: string;
  readonly tests: readonly RawTest[];
}

const problemsOfSchema = compileSchema(testFileSchemaOf(ruleSchema));

/** The file of tests that belongs to a rule file: `NAME.test.yaml` beside `NAME.yaml` or `NAME.json`. */
export function testFileOf(file: string): string {
  return file.replace(/\.[A-Za-z]+$/, '.test.yaml');
}

/** The rules of one file with the tests of the file beside it, a document for each rule. */
export function addTests(
  rules: readonly Rule[],
  file: string,
  text: string,
): { readonly rules: readonly Rule[]; readonly problems: readonly Problem[] } {
  const { documents, problems } = parseYaml(file, text, 'RULE_INVALID');
  const found: Problem[] = [...problems];
  const tests = new Map<string, readonly RuleTest[]>();
  for (const document of documents) {
    const reading: Reading = { document, problems: found };
    const id = ruleOf(reading, rules);
    const raw = id === null ? null : rawTestsOf(reading);
    if (id !== null && raw) tests.set(id, [...(tests.get(id) ?? []), ...readTests(reading, raw.tests)]);
  }
  return { rules: rules.map((rule) => withTests(rule, tests.get(rule.id) ?? [], file)), problems: found };
}

function ruleOf(reading: Reading, rules: readonly Rule[]): string | null {
  const { value } = reading.document;
  const named = typeof value === 'object' && value !== null && 'rule' in value ? value.rule : undefined;
  const [only] = rules;
  if (named === undefined && only && rules.length === 1) return only.id;
  const rule = rules.find(({ id }) => id === named);
  if (rule) return rule.id;
  const ids = rules.map(({ id }) => id).join(', ');
  report(
    reading,
    named === undefined ? [] : ['rule'],
    `"rule" must name a rule of the file beside: ${ids || 'it has none'}.`,
  );
  return null;
}

function rawTestsOf(reading: Reading): RawTestFile | null {
  const { document } = reading;
  const problems = problemsOfSchema(document.value);
  for (const { path, atKey, message } of problems)
    reportAt(reading, atKey ? document.keyPlace(path) : document.valuePlace(path), message);
  return problems.length === 0 ? (document.value as RawTestFile & YamlDocument['value']) : null;
}

function withTests(rule: Rule, tests: readonly RuleTest[], file: string): Rule {
  if (tests.length === 0) return rule;
  const placed = tests.map((test) => Object.freeze({ ...test, file }));
  return Object.freeze({ ...rule, tests: Object.freeze([...rule.tests, ...placed]) });
}
