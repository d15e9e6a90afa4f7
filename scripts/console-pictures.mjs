/**
 * Makes the pictures of docs/console.md from a real run of `huntwire demo --keep`: docs/images/console-overview.png, console-rules.png,
 * console-rule.png and console-alert.png, in Chromium.
 * npm run build && node scripts/console-pictures.mjs [--chromium /usr/bin/chromium]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({ options: { chromium: { type: 'string', default: '/usr/bin/chromium' } } });
const IMAGES = join(import.meta.dirname, '../docs/images');
const MAIN = join(import.meta.dirname, '../dist/main.js');
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
  await photograph(address, token);
} finally {
  await browser.close();
  demo.kill('SIGINT');
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
  const take = (name) => page.screenshot({ path: join(IMAGES, `console-${name}.png`) });
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
  await page.click('#rules th a');
  await take('rule');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${address}alerts`);
  await page.click('#list td a');
  await page.waitForSelector('#deliveries');
  await take('alert');
}
