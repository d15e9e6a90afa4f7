import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonFile } from '../../src/lib/json/parse-json.ts';
import { parseYaml, type YamlDocument } from '../../src/lib/yaml/parse-yaml.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import type { ReadRule, RuleReader } from '../../src/rules/readers/reader.ts';
import { readerOf } from '../../src/rules/readers/registry.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { wholeRuleHash } from '../../src/rules/rule-hash.ts';
import { writeRule } from '../../src/rules/write/write-rule.ts';
import { tries } from '../tries.ts';

export interface ReaderSample {
  readonly name: string;
  /** A name that ends in `.json` or `.yaml`. */
  readonly file: string;
  readonly text: string;
  /** How many of its rules can be read, and how many are refused. */
  readonly loaded: number;
  readonly refused: number;
}

export function documentOf(file: string, text: string): YamlDocument {
  const { documents, problems } = file.endsWith('.json')
    ? parseJsonFile(file, text, 'RULE_INVALID')
    : parseYaml(file, text, 'RULE_INVALID');
  const [document] = documents;
  if (!document) throw new Error(JSON.stringify(problems));
  return document;
}

/** What every reader keeps, whatever it reads. */
export function describeReader(reader: RuleReader, samples: readonly ReaderSample[]): void {
  describe(`the ${reader.format} reader, as every reader`, () => {
    it.each(samples)('reads $name', ({ file, text, loaded, refused }) => {
      const document = documentOf(file, text);
      expect(readerOf(document.value)).toBe(reader);
      const read = reader.read(document);
      expect(read.filter(({ rule }) => rule !== null)).toHaveLength(loaded);
      expect(read.filter(({ rule }) => rule === null)).toHaveLength(refused);
      for (const one of read) holdsTogether(reader, document, one);
    });

    it.each(samples)('reads the same twice, and the same from what convert writes of $name', ({ file, text }) => {
      const [first, second] = [reader.read(documentOf(file, text)), reader.read(documentOf(file, text))];
      expect(second.map(({ verdict }) => verdict)).toEqual(first.map(({ verdict }) => verdict));
      for (const { rule } of first) {
        if (!rule) continue;
        const again = parseRules('converted.yaml', writeRule(rule));
        expect(again.problems).toEqual([]);
        expect(again.rules.map(hashOf)).toEqual([hashOf(rule)]);
        expect(again.rules.map(({ query, hash }) => ({ query, hash }))).toEqual([
          { query: rule.query, hash: rule.hash },
        ]);
      }
    });

    it('gives a verdict for anything', () => {
      fc.assert(
        fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...samples), (value, { file, text: sample }) => {
          for (const one of [value, mixed(documentOf(file, sample).value, value)]) {
            const text = JSON.stringify(one, (_, item) => (typeof item === 'bigint' ? 1 : item));
            // What is no document for anybody, for its depth or a key `__proto__`, has a problem instead.
            const { documents, problems } = parseJsonFile('any.json', text, 'RULE_INVALID');
            expect(documents.length === 0).toBe(problems.length > 0);
            for (const document of documents)
              for (const read of reader.read(document)) holdsTogether(reader, document, read);
          }
        }),
        {
          numRuns: tries(20, 60),
          examples: samples.slice(0, 1).map((sample) => [JSON.parse('{"a":{"__proto__":0}}'), sample]),
        },
      );
    });
  });
}

/** Over all that a rule says; where its tests stand in the file is none of it. */
function hashOf(rule: Rule): string {
  const tests = rule.tests.map((test) => ({ ...test, line: 0, column: 0 }));
  return wholeRuleHash({ ...rule, tests });
}

/** A sample in which every other value is something else. */
function mixed(sample: unknown, other: unknown): unknown {
  if (typeof sample !== 'object' || sample === null) return sample;
  const isList = Array.isArray(sample);
  const entries = Object.entries(sample).map(([key, item], index) => [
    key,
    index % 2 === 0 ? other : mixed(item, other),
  ]);
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

function holdsTogether(reader: RuleReader, document: YamlDocument, { rule, problems, verdict }: ReadRule): void {
  expect(verdict.format === reader.format || verdict.rule === null).toBe(true);
  expect(verdict.file).toBe(document.file);
  expect(rule === null).toBe(verdict.verdict === 'refused');
  expect(rule === null).toBe(verdict.reason !== null);
  if (rule) expect(verdict).toMatchObject({ rule: rule.id });
  else expect(problems.length > 0 || verdict.warnings.length > 0).toBe(true);
  for (const one of [...problems, ...verdict.warnings]) expect(Number(one.line)).toBeGreaterThan(0);
  const keys = [...verdict.honoured, ...verdict.approximated.map((text) => text.split(': ')[0]), ...verdict.ignored];
  expect(new Set(keys).size).toBe(keys.length);
}
