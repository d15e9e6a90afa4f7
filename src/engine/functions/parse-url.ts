import type { Bag, ScalarFunction, Value } from '../value.ts';
import { alias, define } from './define.ts';

const URL_PARTS = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const AUTHORITY = /^(?:([^:@]*):([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/;

/** `%41` and `+` resolved; text that is not encoded well stays as it is. */
function decodeUrl(text: string): string {
  const bytes = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(bytes);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return bytes.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
}

/** Parameters without a name or a value are left out; the values of one that comes again are an array. */
function queryParameters(query: string): Bag {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    if (at <= 0 || at === pair.length - 1) continue;
    const name = decodeUrl(pair.slice(0, at));
    values.set(name, [...(values.get(name) ?? []), decodeUrl(pair.slice(at + 1))]);
  }
  return new Map([...values].map(([name, all]): [string, Value] => [name, all.length === 1 ? (all[0] ?? '') : all]));
}

/** The parts of an absolute URL; of any other text all are empty. A user is told apart from the host only where a password follows. */
function parseUrl(text: string): Value {
  const match = URL_PARTS.exec(text.trim());
  const authority = AUTHORITY.exec(match?.[2] ?? '');
  return new Map<string, Value>([
    ['Scheme', match?.[1] ?? ''],
    ['Host', authority?.[3] ?? match?.[2] ?? ''],
    ['Port', authority?.[4] ?? ''],
    ['Path', match?.[3] === '/' ? '' : (match?.[3] ?? '')],
    ['Username', authority?.[1] ?? ''],
    ['Password', authority?.[2] ?? ''],
    ['Query Parameters', queryParameters(match?.[4] ?? '')],
    ['Fragment', match?.[5] ?? ''],
  ]);
}

function parseQuery(text: string): Value {
  return new Map<string, Value>([['Query Parameters', queryParameters(text.startsWith('?') ? text.slice(1) : text)]]);
}

/** Percent encoding in lower case; letters, digits and `-_.!*()` stay. */
function encodeUrl(text: string, space: string): string {
  const encoded = encodeURIComponent(text).replace(/[~']/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return encoded.replace(/%[0-9A-Fa-f]{2}/g, (code) => code.toLowerCase()).replaceAll('%20', space);
}

/** Lone surrogates cannot be encoded: they become the replacement character. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

const PARSE_URL = define('parse_url', ['string'], parseUrl);
const PARSE_QUERY = define('parse_urlquery', ['string'], parseQuery);

export const URLS: readonly ScalarFunction[] = [
  PARSE_URL,
  alias('parseurl', PARSE_URL),
  PARSE_QUERY,
  alias('parseurlquery', PARSE_QUERY),
  define('url_encode', ['string'], (text) => encodeUrl(wellFormed(text), '+')),
  define('url_encode_component', ['string'], (text) => encodeUrl(wellFormed(text), '%20')),
  define('url_decode', ['string'], decodeUrl),
];
