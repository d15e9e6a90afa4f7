const TOKEN = /\s+|;;[^\n]*|(?<open>\()|(?<close>\))|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[^\s()";]+)/gy;

/** WebAssembly text as nested lists of words; a text in quotes is `{ text }`, with what its escapes stand for as bytes. */
export function readExpressions(source) {
  const open = [[]];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw new Error(`no WebAssembly text: ${source.slice(at, at + 40)}`);
    if (groups.open) open.push([]);
    else if (groups.close) {
      const list = open.pop();
      if (open.length === 0) throw new Error('a parenthesis is closed that was not opened');
      open.at(-1).push(list);
    } else if (groups.text) open.at(-1).push({ text: bytesOf(groups.text) });
    else if (groups.word) open.at(-1).push(groups.word);
  }
  if (open.length !== 1) throw new Error('a parenthesis is not closed');
  return open[0];
}

function bytesOf(quoted) {
  const plain = quoted
    .slice(1, -1)
    .replace(/\\([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return [...Buffer.from(plain, 'latin1')];
}
