import { readFileSync } from 'node:fs';

/** A change of a file, in the order in which the calls ended; a sync covers what had ended before it began. */
export type DiskCall =
  | { readonly kind: 'create' | 'mkdir' | 'unlink'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number | 'end'; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'sync'; readonly path: string; readonly began: number };

interface Traced {
  readonly name: string;
  readonly args: string;
  readonly result: string;
  /** How many calls had ended when it began. */
  readonly began: number;
}

const LINE = /^(\d+) +(.*)$/;
const WHOLE = /^(\w+)\((.*)\) += (-?\d+.*)$/;
const UNFINISHED = /^(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)\) += (-?\d+.*)$/;

/** The calls on files below `root` that succeeded, from the output of `strace -f -y -xx`. */
export function readTrace(file: string, root: string): readonly DiskCall[] {
  const calls: DiskCall[] = [];
  const open = new Map<string, Omit<Traced, 'result'>>();
  const known = new Set<string>();
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [, pid = '', text = ''] = LINE.exec(line) ?? [];
    const begun = UNFINISHED.exec(text);
    if (begun) open.set(pid, { name: begun[1] ?? '', args: begun[2] ?? '', began: calls.length });
    const traced = whole(text, calls.length) ?? resumed(text, open.get(pid));
    if (traced && !traced.result.startsWith('-')) calls.push(...callsOf(traced, root, known));
  }
  return calls;
}

function whole(text: string, began: number): Traced | null {
  const [, name, args = '', result = ''] = WHOLE.exec(text) ?? [];
  return name === undefined ? null : { name, args, result, began };
}

function resumed(text: string, begun: Omit<Traced, 'result'> | undefined): Traced | null {
  const [, name, rest = '', result = ''] = RESUMED.exec(text) ?? [];
  if (name === undefined || begun?.name !== name) return null;
  return { name, args: begun.args + rest, result, began: begun.began };
}

function decode(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

/** Strings and the paths of descriptors, in their order. */
function stringsIn(args: string): { readonly quoted: readonly Buffer[]; readonly paths: readonly string[] } {
  const quoted = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => decode(hex));
  const paths = [...args.matchAll(/<((?:\\x[0-9a-f]{2})+)>/g)].map(([, hex = '']) => decode(hex).toString());
  return { quoted, paths };
}

function callsOf({ name, args, result, began }: Traced, root: string, known: Set<string>): DiskCall[] {
  const { quoted, paths } = stringsIn(args);
  const named = quoted[0]?.toString() ?? '';
  const opened = paths[0] ?? '';
  const inRoot = (path: string): boolean => path === root || path.startsWith(`${root}/`);
  if (/^open|^creat/.test(name)) return inRoot(named) && /O_CREAT/.test(args) ? created(named, known) : [];
  if (/^mkdir/.test(name)) return inRoot(named) ? [{ kind: 'mkdir', path: named }] : [];
  if (/^unlink/.test(name)) {
    known.delete(named);
    return inRoot(named) ? [{ kind: 'unlink', path: named }] : [];
  }
  if (!inRoot(opened)) return [];
  if (/sync$/.test(name)) return [{ kind: 'sync', path: opened, began }];
  if (name === 'ftruncate') return [{ kind: 'truncate', path: opened, size: Number(args.split(', ').at(-1)) }];
  const data = (quoted[0] ?? Buffer.alloc(0)).subarray(0, Number(result));
  if (name === 'close') return [];
  if (name === 'write') return [{ kind: 'write', path: opened, offset: 'end', data }];
  if (name === 'pwrite64') return [{ kind: 'write', path: opened, offset: Number(args.split(', ').at(-1)), data }];
  throw new Error(`the record has a call that the model does not know: ${name}`);
}

function created(path: string, known: Set<string>): DiskCall[] {
  if (known.has(path)) return [];
  known.add(path);
  return [{ kind: 'create', path }];
}
