import { armReader } from './arm.ts';
import { graphRuleReader } from './detection-rule.ts';
import { nativeReader } from './native.ts';
import type { RuleReader } from './reader.ts';
import { sentinelReader } from './sentinel.ts';

/** The first that recognizes a document reads it; the native one, which takes all, comes last. */
export const RULE_READERS: readonly RuleReader[] = Object.freeze([
  sentinelReader,
  graphRuleReader,
  armReader,
  nativeReader,
]);

export function readerOf(value: unknown): RuleReader {
  return RULE_READERS.find((reader) => reader.recognizes(value)) ?? nativeReader;
}

/** The reader of a text that cannot be parsed. */
export function readerOfText(text: string): RuleReader {
  const head = text.slice(0, 100_000);
  return RULE_READERS.find((reader) => reader.marks.test(head)) ?? nativeReader;
}
