export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'time' | 'span' | 'sign';
  readonly text: string;
  /** Epoch ms of a datetime, ms of a timespan, or the number. */
  readonly value: number;
}

const TOKEN =
  /\s+|\/\/[^\n]*|datetime\(([^)]*)\)|"([^"]*)"|(\d+(?:\.\d+)?)(ms|[smhd])?\b|([A-Za-z_][\w-]*)|(==|!=|=~|!~|>=|<=|[|(),=<>+\-*./;])/gy;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Names with a hyphen are operators; anywhere else it is a sign. */
const HYPHENATED = new Set(['mv-expand']);

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`the service does not read: ${text.slice(at, at + 40)}`);
    const [, time, quoted, number, unit, name, sign] = match;
    if (time !== undefined) tokens.push({ kind: 'time', text: time, value: timeOf(time) });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, value: 0 });
    else if (number !== undefined && unit)
      tokens.push({ kind: 'span', text: number, value: Number(number) * (UNITS[unit] ?? 0) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, value: Number(number) });
    else if (name !== undefined) {
      const whole = HYPHENATED.has(name) ? name : (name.split('-')[0] ?? name);
      TOKEN.lastIndex -= name.length - whole.length;
      tokens.push({ kind: 'name', text: whole, value: 0 });
    } else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, value: 0 });
  }
  return tokens;
}

function timeOf(text: string): number {
  const time = Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  if (!Number.isFinite(time)) throw new Error(`the service does not read datetime(${text})`);
  return time;
}
