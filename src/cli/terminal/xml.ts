/** What XML 1.0 has no way to write. */
const UNSAYABLE = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** An XML element on lines of its own; attributes and texts are escaped, characters that XML cannot hold become U+FFFD. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = [],
): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(String(value))}"`);
  const inner = typeof content === 'string' ? xmlText(content) : content.map((line) => `\n${line}`).join('');
  if (inner === '') return `<${name}${given.join('')}/>`;
  return `<${name}${given.join('')}>${inner}${typeof content === 'string' ? '' : '\n'}</${name}>`;
}

function xmlText(text: string): string {
  return text.replace(UNSAYABLE, '\ufffd').replace(/[&<>"\n\r\t]/g, (one) => ENTITIES[one] ?? one);
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
