import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openBusyConsole } from './busy-console.ts';

const FOLDER = join(import.meta.dirname, '../../../docs');

interface Shown {
  readonly width: number;
  readonly height: number;
  readonly places: readonly string[];
  readonly headings: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** Pages of a console like that of the pictures. */
const PAGES: Readonly<Record<string, string>> = {
  overview: '/',
  rules: '/rules',
  rule: '/rules/contoso/rule-a',
  alert: '/alerts/a1',
};

function texts(html: string, pattern: RegExp): readonly string[] {
  return [...html.matchAll(pattern)].map(([, text = '']) => text.replaceAll('&amp;', '&').replace(/<[^>]+>/g, ''));
}

function columnsOf(html: string): Readonly<Record<string, readonly string[]>> {
  const tables = [...html.matchAll(/<caption[^>]*>([^<]*)<\/caption><thead>(.*?)<\/thead>/g)];
  return Object.fromEntries(tables.map(([, name = '', head = '']) => [name, texts(head, /<th[^>]*>(.*?)<\/th>/g)]));
}

it('pages have what the pictures of docs/console.md show: else "node scripts/console-pictures.mjs"', async () => {
  const shown = JSON.parse(readFileSync(join(FOLDER, 'images/console-pictures.json'), 'utf8')) as Record<string, Shown>;
  const text = readFileSync(join(FOLDER, 'console.md'), 'utf8');
  const { page } = await openBusyConsole();
  expect(Object.keys(shown)).toEqual(Object.keys(PAGES));
  for (const [name, { width, height, places, headings, columns }] of Object.entries(shown)) {
    const html = (await page(PAGES[name] ?? '')).text;
    const now = columnsOf(html);
    expect(texts(html, /<h2[^>]*>(.*?)<\/h2>/g)).toEqual(headings);
    expect(texts(/<nav aria-label="Pages">.*?<\/nav>/s.exec(html)?.[0] ?? '', /<a [^>]*>(.*?)<\/a>/g)).toEqual(places);
    for (const [caption, names] of Object.entries(columns)) expect(now[caption] ?? names).toEqual(names);
    const picture = readFileSync(join(FOLDER, `images/console-${name}.png`));
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([width, height]);
    expect(text).toContain(`images/console-${name}.png`);
  }
});
