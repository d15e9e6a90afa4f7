import { HuntwireError } from '../lib/errors.ts';
import { QueryFault } from './answer.ts';

/** What the service says when a query took too much. */
const PREEMPTED =
  'Query execution has exceeded the allowed limits. The query execution was preempted. This could possibly be due to high CPU and/or memory resource consumption. Optimize your query by following best practices and try again.';

/** An error of the engine in the words of the service, as a 400; anything that is not about the query is thrown on as it is. */
export function queryFaultOf(thrown: unknown, query: string): unknown {
  if (!(thrown instanceof HuntwireError)) return thrown;
  if (thrown.code === 'KQL_BUDGET') return new QueryFault(PREEMPTED);
  if (thrown.code === 'KQL_SYNTAX') return new QueryFault(syntaxText(thrown));
  if (thrown.code === 'KQL_FAILED')
    return new QueryFault(`${semanticText(thrown, query)}. Fix semantic errors in your query.`);
  if (thrown.code === 'KQL_UNSUPPORTED') return new QueryFault(`The stand-in cannot run this query. ${thrown.message}`);
  return thrown;
}

function syntaxText(error: HuntwireError): string {
  const [problem] = error.problems;
  const place = problem ? ` Line: ${problem.line}, Position: ${problem.column}.` : '';
  return `A recognition error occurred.${place} ${sentence(messageOf(error))}. Fix syntax errors in your query.`;
}

const UNKNOWN_TABLE = /^The name '([^']*)' does not refer to any known table/;
const UNKNOWN_NAME = /^The (?:name|column) '([^']*)' (?:is not a column|does not (?:exist|refer))/;
const UNKNOWN_FUNCTION = /^The (?:name|function) '([^']*)' (?:does not refer to any known function|is not known)/;

/** Clients tell missing tables from other mistakes by these words. */
function semanticText(error: HuntwireError, query: string): string {
  const message = messageOf(error);
  const operator = operatorAt(error, query);
  const table = UNKNOWN_TABLE.exec(message)?.[1];
  if (table !== undefined) return `${operator}Failed to resolve table or column expression named '${table}'`;
  const called = UNKNOWN_FUNCTION.exec(message)?.[1];
  if (called !== undefined) return `Unknown function: '${called}'`;
  const name = UNKNOWN_NAME.exec(message)?.[1];
  if (name !== undefined) return `${operator}Failed to resolve scalar expression named '${name}'`;
  return `${operator}${sentence(error.message)}`;
}

/** `'where' operator: ` for the operator that the place of the error lies in, or that comes first behind a table in front of all. */
function operatorAt(error: HuntwireError, query: string): string {
  const [problem] = error.problems;
  if (!problem?.line || !problem.column) return '';
  const lines = query.split('\n').slice(0, problem.line);
  const before = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, problem.column - 1)].join('\n');
  const operators = [...before.matchAll(OPERATOR)];
  const name = operators.at(-1)?.[1] ?? [...query.slice(before.length).matchAll(OPERATOR)][0]?.[1];
  return name === undefined ? '' : `'${name}' operator: `;
}

const OPERATOR = /\|\s*([a-z][a-z-]*)/g;

function messageOf(error: HuntwireError): string {
  return error.problems[0]?.message ?? error.message;
}

function sentence(text: string): string {
  return text.replace(/\.?(\s*\[\w+\])?$/, '$1');
}
