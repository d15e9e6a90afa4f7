import type { RenderedQuery } from '../kql/render.ts';
import { labelQuery, offsetAt, positionAt } from '../kql/sent-query.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';

const SERVICE_PLACE = /Line:? (\d+), (?:Position|column):? (\d+)/i;

/** A source's error about the query, with its place in the rule's file in front where the service told a place in the text it got. */
export function placeError(
  rule: RunnableRule,
  rendered: RenderedQuery,
  error: HuntwireError,
  labelled: boolean,
): HuntwireError {
  const match = SERVICE_PLACE.exec(error.message);
  if (!match) return error;
  const sent = { line: Number(match[1]), column: Number(match[2]) };
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
