import type { RenderedQuery } from '../kql/render.ts';
import { labelQuery, offsetAt, type Position, positionAt } from '../kql/sent-query.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';

const SERVICE_PLACE = /Line:? (\d+), (?:Position|column):? (\d+)/i;

/** The line and column that a message of a service tells; null: none. */
export function toldPlace(message: string): Position | null {
  const match = SERVICE_PLACE.exec(message);
  return match ? { line: Number(match[1]), column: Number(match[2]) } : null;
}

/** A source's error about the query, with its place in the rule's file in front where the service told a place in the text it got. */
export function placeError(
  rule: RunnableRule,
  rendered: RenderedQuery,
  error: HuntwireError,
  labelled: boolean,
): HuntwireError {
  const sent = toldPlace(error.message);
  if (!sent) return error;
  const original = labelled
    ? labelQuery(rule.id, rule.query, rendered).toOriginalPosition(sent)
    : positionAt(rule.query, rendered.toOriginal(offsetAt(rendered.text, sent)));
  const { line, column, file = rule.map.file } = rule.map.place(offsetAt(rule.query, original));
  const message = `${file}:${line}:${column}: ${error.message}`;
  const problems = [{ file, line, column, code: error.code, message: error.message }];
  const { retryable, retryAfterMs, cause } = error;
  return new HuntwireError(error.code, message, {
    retryable,
    cause,
    problems,
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}
