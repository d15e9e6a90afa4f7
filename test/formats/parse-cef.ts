/** A CEF line taken apart again. */
export interface ParsedCef {
  readonly header: readonly string[];
  readonly extension: ReadonlyMap<string, string>;
}

/** A strict reader: throws on a stray backslash, an unescaped `=` in a value, an empty value, a key that comes twice. */
export function parseCef(line: string): ParsedCef {
  const header: string[] = [];
  let rest = line;
  while (header.length < 7) {
    const match = /^((?:[^|\\\r\n]|\\[|\\])*)\|/.exec(rest);
    if (!match) throw new Error(`header field ${header.length} is broken: ${rest}`);
    header.push((match[1] ?? '').replace(/\\([|\\])/g, '$1'));
    rest = rest.slice(match[0].length);
  }
  return { header, extension: parseExtension(rest) };
}

function parseExtension(text: string): ReadonlyMap<string, string> {
  const extension = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const match = /^([A-Za-z0-9]+)=((?:[^=\\\r\n]|\\[=\\rn])*?)(?: (?=[A-Za-z0-9]+=)|$)/.exec(rest);
    if (!match) throw new Error(`extension is broken at: ${rest}`);
    const [all, key = '', value = ''] = match;
    if (value === '') throw new Error(`${key} is empty`);
    if (extension.has(key)) throw new Error(`${key} comes twice`);
    extension.set(
      key,
      value.replace(/\\([=\\rn])/g, (_, escaped: string) => UNESCAPED[escaped] ?? escaped),
    );
    rest = rest.slice(all.length);
  }
  return extension;
}

const UNESCAPED: Readonly<Record<string, string>> = { r: '\r', n: '\n' };
