/** What the engine behind Log Analytics and Kusto says of too many rows. */
export const RECORD_LIMIT =
  'Query result set has exceeded the internal record count limit 500000 (E_QUERY_RESULT_SET_TOO_LARGE; see https://aka.ms/kustoquerylimits)';

const INVALID = 'The request had some invalid properties';

/** An error of Log Analytics. What is wrong with a query stands two levels further in. */
export function workspaceError({ requestId }: { readonly requestId: string }, code: string, message: string): object {
  if (code !== 'BadRequest') return { message, code, correlationId: requestId };
  const isSyntax = /syntax/i.test(message);
  const within = {
    code: isSyntax ? 'SyntaxError' : 'SemanticError',
    message: `A ${isSyntax ? 'recognition' : 'semantic'} error occurred in the query.`,
    innererror: { code: isSyntax ? 'SYN0002' : 'SEM0100', message },
  };
  return { message: INVALID, code: 'BadArgumentError', correlationId: requestId, innererror: within };
}

/** The part of a 200 that says that its rows are not all. */
export function partialError(message: string): object {
  const details = [
    {
      code: 'EngineError',
      message: 'Something went wrong processing your query on the server.',
      innererror: { code: '-2133196797', message, severity: 2, severityName: 'Error' },
    },
  ];
  return { code: 'PartialError', message: 'There were some errors when processing your query.', details };
}

export function partialAnswer(message: string): object {
  const table = { name: 'PrimaryResult', columns: [{ name: 'Column', type: 'int' }], rows: [[1]] };
  return { tables: [table], error: partialError(message) };
}
