import type { ScalarFunction, Value } from '../value.ts';
import { define } from './define.ts';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]+):\/\//;
const ROOT = /^[a-zA-Z]:[\\/]?/;

/** The parts of a file path of Windows or Unix. */
function parsePath(text: string): Value {
  const scheme = SCHEME.exec(text)?.[1] ?? '';
  const path = scheme === '' ? text : text.slice(scheme.length + 3).replace(/^\/(?=[a-zA-Z]:)/, '');
  const root = ROOT.exec(path)?.[0] ?? '';
  // A stream belongs to the file: a colon further ahead is that of a port.
  const colon = path.indexOf(':', Math.max(root.length, path.lastIndexOf('\\'), path.lastIndexOf('/')));
  const main = colon < 0 ? path : path.slice(0, colon);
  const cut = Math.max(main.lastIndexOf('\\'), main.lastIndexOf('/'));
  const directory = cut < root.length ? main.slice(0, Math.max(0, cut)) : main.slice(0, cut);
  const file = main.slice(cut + 1);
  const dot = file.lastIndexOf('.');
  return new Map<string, Value>([
    ['Scheme', scheme],
    ['RootPath', root],
    ['DirectoryPath', directory],
    ['DirectoryName', directory.slice(Math.max(directory.lastIndexOf('\\'), directory.lastIndexOf('/')) + 1)],
    ['Filename', file],
    ['Extension', dot < 0 ? '' : file.slice(dot + 1)],
    ['AlternateDataStreamName', colon < 0 ? '' : path.slice(colon + 1)],
  ]);
}

const FIELD = /"((?:[^"]|"")*)"|([^,\r\n]*)/y;

/** The fields of the first record. */
function parseCsv(text: string): Value {
  const fields: string[] = [];
  for (let at = 0; at <= text.length; ) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    fields.push(match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '');
    at += match?.[0].length ?? 0;
    if (text[at] !== ',') break;
    at += 1;
  }
  return fields;
}

const PART_WIDTH = 8;

/** One to four parts of up to eight digits as one decimal, so that versions compare as numbers. */
function parseVersion(text: string): Value {
  if (!/^\s*\d{1,8}(\.\d{1,8}){0,3}\s*$/.test(text)) return null;
  const parts = [...text.trim().split('.'), '0', '0', '0'].slice(0, 4);
  return { unscaled: BigInt(parts.map((part) => part.padStart(PART_WIDTH, '0')).join('')), scale: 0 };
}

/** Readers of texts with a structure of their own. */
export const PARSERS: readonly ScalarFunction[] = [
  define('parse_path', ['string'], parsePath),
  define('parse_csv', ['string'], parseCsv),
  define('parse_version', ['string'], parseVersion),
];
