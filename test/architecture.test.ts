import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXTRA, NOT_FOR_APP, TABLE } from './import-table.ts';

const PURE = [
  /^alerts\//,
  /^formats\//,
  /^rules\/lint\//,
  /^run\/(schedule|coverage|windows)\.ts$/,
  /^outbox\/backoff\.ts$/,
];
const IMPURE_IMPORT = /^(node:(fs|http|https|net|tls|dgram|timers|child_process|worker_threads)|undici|libsql|winston)/;
const IMPURE_CALL = /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\(|process\.env/;

const source = resolve(import.meta.dirname, '../src');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name))
      : entry.name.endsWith('.ts')
        ? [join(folder, entry.name)]
        : [],
  );
}

const files = filesBelow(source).map((path) => ({
  path,
  name: relative(source, path),
  text: readFileSync(path, 'utf8'),
}));

function importsOf(name: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(import|export)\s+(type\s+)?([^;'"]*?)\s*from\s*['"]([^'"]+)['"]/gms)) {
    const names = (match[3] ?? '').trim();
    const allTyped =
      names.startsWith('{') &&
      names
        .slice(1, -1)
        .split(',')
        .every((one) => one.trim() === '' || one.trim().startsWith('type '));
    found.push({ file: name, target: match[4] ?? '', typeOnly: Boolean(match[2]) || allTyped });
  }
  for (const match of text.matchAll(/import\(\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm)) {
    found.push({ file: name, target: match[1] ?? match[2] ?? '', typeOnly: false });
  }
  return found;
}

function complaint(one: Import): string | null {
  if (!one.target.startsWith('.')) return null;
  const target = relative(source, resolve(source, dirname(one.file), one.target));
  if (target.startsWith('..'))
    return target.startsWith('../schemas/') || target === '../package.json'
      ? null
      : `${one.file} imports ${one.target}`;
  const from = one.file.includes('/') ? (one.file.split('/')[0] ?? '') : one.file;
  const to = target.split('/')[0] ?? '';
  if (from === to || from === 'cli' || from === 'main.ts' || from === 'index.ts') return null;
  if (from === 'app.ts') return NOT_FOR_APP.includes(to) ? `app.ts imports ${to}` : null;
  if (EXTRA[one.file]?.some((allowed) => target.startsWith(allowed))) return null;
  const allowed = TABLE[from] ?? [];
  if (allowed.includes(to) || allowed.includes(target)) return null;
  if (allowed.includes(`${to}(t)`)) return one.typeOnly ? null : `${one.file} imports ${target} for more than types`;
  return `${one.file} imports ${target}`;
}

describe('the import table', () => {
  it('is kept by every file', () => {
    const complaints = files
      .flatMap((file) => importsOf(file.name, file.text).map(complaint))
      .filter((one) => one !== null);
    expect(complaints).toEqual([]);
  });

  it('has a row for every folder', () => {
    const folders = new Set(files.filter((file) => file.name.includes('/')).map((file) => file.name.split('/')[0]));
    folders.delete('cli');
    expect([...folders].filter((folder) => !TABLE[folder ?? ''])).toEqual([]);
  });

  it('catches planted violations', () => {
    const planted = [
      importsOf('lib/x.ts', "import { a } from '../rules/rule.ts';"),
      importsOf('alerts/x.ts', "import { SEVERITIES } from '../rules/rule.ts';"),
      importsOf('run/x.ts', "import type { Target } from '../targets/target.ts';"),
      importsOf('app.ts', "import { startEmulator } from './emulator/server.ts';"),
    ];
    expect(planted.map((imports) => imports.map(complaint)[0])).toEqual([
      'lib/x.ts imports rules/rule.ts',
      'alerts/x.ts imports rules/rule.ts for more than types',
      'run/x.ts imports targets/target.ts',
      'app.ts imports emulator',
    ]);
    expect(complaint({ file: 'alerts/x.ts', target: '../rules/rule.ts', typeOnly: true })).toBeNull();
  });
});

describe('the pure middle', () => {
  const pure = files.filter((file) => PURE.some((pattern) => pattern.test(file.name)));

  it('imports nothing that touches the world', () => {
    const impure = pure.flatMap((file) =>
      importsOf(file.name, file.text).filter((one) => !one.typeOnly && IMPURE_IMPORT.test(one.target)),
    );
    expect(impure).toEqual([]);
  });

  it('reads no clock, no randomness, no environment', () => {
    expect(pure.filter((file) => IMPURE_CALL.test(file.text)).map((file) => file.name)).toEqual([]);
  });
});

describe('size', () => {
  it('keeps every file within 250 lines', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > 251)
      .map((file) => `${file.name}: ${file.text.split('\n').length}`);
    expect(long).toEqual([]);
  });
});
