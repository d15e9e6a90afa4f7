import { RECORD_LIMIT } from './workspace-errors.ts';

/** An error of Kusto. What is wrong with a query stands in the error within it. */
export function kustoError({ requestId }: { readonly requestId: string }, code: string, message: string): object {
  const context = { timestamp: '0001-01-01T00:00:00Z', serviceAlias: 'EMULATED', clientRequestId: requestId };
  const permanent = !['TooManyRequests', 'InternalServerError', 'GatewayTimeout'].includes(code);
  const common = { '@context': context, '@permanent': permanent };
  if (code !== 'BadRequest')
    return { code, message, '@type': 'Kusto.DataNode.Exceptions', '@message': message, ...common };
  const isSyntax = /syntax/i.test(message);
  const within = {
    code: isSyntax ? 'SYN0002' : 'SEM0100',
    message,
    '@type': 'Kusto.Data.Exceptions',
    '@message': message,
    ...common,
  };
  return {
    code: 'General_BadRequest',
    message: 'Request is invalid and cannot be executed.',
    '@type': 'Kusto.Data.Exceptions.KustoBadRequestException',
    '@message': `Request is invalid and cannot be processed: ${message}`,
    ...common,
    innererror: within,
  };
}

/** What stands at the end of frames whose rows are not all. */
export function limitError(): object {
  return {
    error: {
      code: 'LimitsExceeded',
      message: 'Request is invalid and cannot be executed.',
      '@type': 'Kusto.Data.Exceptions.KustoServicePartialQueryFailureLimitsExceededException',
      '@message': RECORD_LIMIT,
      '@permanent': false,
    },
  };
}
