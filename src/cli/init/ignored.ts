/** The text of a .gitignore with these lines in it: those that it lacks are added at its end. */
export function withIgnored(text: string, lines: readonly string[]): string {
  const here = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const lacking = lines.filter((line) => !here.has(line));
  if (lacking.length === 0) return text;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${gap}${lacking.join('\n')}\n`;
}
