/**
 * Makes the pictures of docs/console.md from a real run of `huntwire demo --keep`: docs/images/console-overview.png, console-rules.png,
 * console-rule.png and console-alert.png, in Chromium, and beside them what they show in words (console-pictures.json): headings, columns
 * of tables, the size. With --check they are made elsewhere, and it fails where their words are others than those that are kept: times
 * and counts differ from run to run, and so no pixels are compared.
 * npm run build && node scripts/console-pictures.mjs [--check] [--chromium /usr/bin/chromium]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, chromium: { type: 'string', default: '/usr/bin/chromium' } },
});
const KEPT = join(import.meta.dirname, '../docs/images');
const IMAGES = values.check ? mkdtempSync(join(tmpdir(), 'huntwire-pictures-')) : KEPT;
const WORDS = 'console-pictures.json';
const MAIN = join(import.meta.dirname, '../dist/main.js');
/** The one that is shown, with one of its alerts. */
const RULE = 'encoded-powershell-from-office';
const PATIENCE_MS = 20 * 60_000;

const demo = spawn(process.execPath, ['--no-warnings', MAIN, 'demo', '--keep'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let shown = '';
demo.stdout.on('data', (text) => {
  shown += text;
});
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  const [address, token] = await placeOfConsole();
  keepOrCompare(await photograph(address, token));
} finally {
  await browser.close();
  demo.kill('SIGINT');
  if (values.check) rmSync(IMAGES, { recursive: true, force: true });
}

function keepOrCompare(words) {
  const text = JSON.stringify(words);
  if (!values.check) {
    writeFileSync(join(KEPT, WORDS), text);
    return spawnSync(join(import.meta.dirname, '../node_modules/.bin/biome'), ['format', '--write', join(KEPT, WORDS)]);
  }
  const missing = Object.keys(words).filter((name) => !existsSync(join(KEPT, `console-${name}.png`)));
  const kept = JSON.stringify(JSON.parse(readFileSync(join(KEPT, WORDS), 'utf8')));
  if (missing.length === 0 && kept === text)
    return console.log('The pictures of docs/console.md show what the console shows.');
  console.error(
    `The pictures of docs/console.md are old: run "node scripts/console-pictures.mjs".\nThey show ${kept}\nThe console shows ${text}`,
  );
  process.exitCode = 1;
}

async function placeOfConsole() {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const [, address, token] = /(http:\S+\/console\/) \(sign in with (\S+)\)/.exec(shown) ?? [];
    if (address) return [address, token];
    await sleep(500);
  }
  throw new Error(`The demo shows no console: ${shown.slice(-500)}`);
}

async function photograph(address, token) {
  const page = await browser.newPage({ viewport: { width: 1180, height: 820 } });
  const words = {};
  const take = async (name) => {
    await page.screenshot({ path: join(IMAGES, `console-${name}.png`) });
    words[name] = { ...page.viewportSize(), ...(await page.evaluate(shownWords)) };
  };
  await page.goto(address);
  await page.fill('#token', token);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#needs');
  await take('overview');
  await page.goto(`${address}rules`);
  // Runs are counted in the background.
  await sleep(2000);
  await page.reload();
  await take('rules');
  await page.click(`#rules th a[href$="/${RULE}"]`);
  await take('rule');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${address}alerts?kind=detection&rule=${RULE}`);
  await page.click('#list td a');
  await page.waitForSelector('#deliveries');
  await take('alert');
  return words;
}

/** In the page: what does not depend on what has happened. Tables that are folded away are no part of a picture, evidence has columns of its own. */
function shownWords() {
  const texts = (selector, within = document) => [...within.querySelectorAll(selector)].map((one) => one.textContent);
  const tables = [...document.querySelectorAll('main table')].filter(
    (one) => !one.closest('details') && !one.closest('#evidence'),
  );
  return {
    places: texts('nav[aria-label="Pages"] a'),
    headings: texts('main h2'),
    columns: Object.fromEntries(tables.map((one) => [one.caption.textContent, texts('thead th', one)])),
  };
}
