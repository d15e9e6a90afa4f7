export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Structured fields of a log line; secrets are never passed, not even masked by the caller. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where a part says what it does. Messages are static text; what varies goes into fields. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

const ignore = (): void => undefined;

export const silentLog: Log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
