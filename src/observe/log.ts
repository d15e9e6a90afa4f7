import { Writable } from 'node:stream';
import winston from 'winston';
import type { Log, LogFields, LogLevel } from '../lib/log.ts';
import { createMask, type Mask } from '../lib/mask.ts';
import { visibleJson } from '../lib/visible.ts';

export interface LogOptions {
  readonly level: LogLevel | 'silent';
  readonly format: 'json' | 'text';
  /** Where lines go; stderr in production. */
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Texts that must never appear in a line, whatever carries them there. A function is asked for each line; it gives the same array until there are others. */
  readonly secrets: readonly string[] | (() => readonly string[]);
}

const SHORTEST_SECRET = 4;

/** The project's own log: a JSON or text line each, UTC times, secrets masked. */
export function createLog(options: LogOptions): Log {
  const mask = maskOf(options.secrets);
  const shape = winston.format.printf((info) =>
    visibleJson(mask(options.format === 'json' ? jsonLine(info, options.now()) : textLine(info, options.now()))),
  );
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      options.write(String(chunk));
      done();
    },
  });
  const logger = winston.createLogger({
    level: options.level === 'silent' ? 'error' : options.level,
    silent: options.level === 'silent',
    format: shape,
    transports: [new winston.transports.Stream({ stream })],
  });
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      logger.log(level, message, { fields });
    };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

function maskOf(secrets: LogOptions['secrets']): Mask {
  const list = typeof secrets === 'function' ? secrets : () => secrets;
  let known = list();
  let mask = createMask(known.filter(isLongEnough));
  return (text) => {
    const now = list();
    if (now !== known) mask = createMask(now.filter(isLongEnough));
    known = now;
    return mask(text);
  };
}

/** A shorter one would hide words of ours. */
function isLongEnough(secret: string): boolean {
  return secret.length >= SHORTEST_SECRET;
}

interface Line {
  readonly level: string;
  readonly message?: unknown;
  readonly fields?: unknown;
}

function jsonLine(info: Line, now: number): string {
  return JSON.stringify({
    time: new Date(now).toISOString(),
    level: info.level,
    message: info.message,
    ...(info.fields as LogFields),
  });
}

function textLine(info: Line, now: number): string {
  const fields = Object.entries(info.fields as LogFields).filter(([, value]) => value !== undefined && value !== null);
  const tail = fields.map(([key, value]) => ` ${key}=${typeof value === 'string' ? quoted(value) : value}`).join('');
  return `${new Date(now).toISOString().slice(11, 19)} ${info.level.padEnd(5)} ${String(info.message)}${tail}`;
}

/** A value that could break a line or be taken for more fields is quoted. */
function quoted(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
