/**
 * Makes the pictures of the README from a real run of `huntwire demo` on a terminal: docs/images/demo.svg, what it shows (demo.ansi beside
 * it is the same as text), and docs/images/report.png, the page of `huntwire report` over the state of that run in Chromium.
 * npm run build && node scripts/terminal-picture.mjs [--redraw]
 * Best begun in the second half of an hour: the demo begins with the last full one, and what it does ahead of our clock is in no report.
 * With --redraw the demo is not run: demo.svg is drawn anew from demo.ansi. Needs `script` (util-linux) and Chromium.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { DEMO_PICTURE, drawTerminal } from './picture/draw-terminal.mjs';

const { values } = parseArgs({
  options: { redraw: { type: 'boolean', default: false }, chromium: { type: 'string', default: '/usr/bin/chromium' } },
});
const IMAGES = join(import.meta.dirname, '../docs/images');
const MAIN = join(import.meta.dirname, '../dist/main.js');
/** The end of it is worth a look, and what comes first is a list of alerts. */
const MOST_LINES = 44;
const PATIENCE_MS = 20 * 60_000;

mkdirSync(IMAGES, { recursive: true });
if (!values.redraw) await record();
const text = readFileSync(join(IMAGES, 'demo.ansi'), 'utf8');
writeFileSync(join(IMAGES, 'demo.svg'), drawTerminal(text, DEMO_PICTURE));

async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-picture-'));
  const file = join(folder, 'shown');
  const command = `stty cols ${DEMO_PICTURE.columns} rows 50; exec ${process.execPath} --no-warnings ${MAIN} demo --keep`;
  const child = spawn('script', ['-qefc', command, file], { stdio: 'ignore' });
  try {
    const shown = await shownUntilStaying(file);
    const [, config] = /--config (\S+huntwire\.yaml)/.exec(shown) ?? [];
    const page = join(folder, 'report.html');
    const made = spawnSync(process.execPath, [
      '--no-warnings',
      MAIN,
      'report',
      '--since',
      '1d',
      '--output',
      page,
      '--config',
      config,
    ]);
    if (made.status !== 0) throw new Error(`report ended with ${made.status}: ${made.stderr}`);
    writeFileSync(join(IMAGES, 'demo.ansi'), pictured(shown));
    await photograph(page);
  } finally {
    child.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function shownUntilStaying(file) {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    await sleep(500);
    const shown = textOf(file);
    if (shown.includes('Still running until Ctrl-C')) {
      await sleep(1000);
      return textOf(file);
    }
  }
  throw new Error(`The demo did not end: ${textOf(file).slice(-500)}`);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What the picture shows: the command, the beginning, and the end; what lies between is said to. */
function pictured(shown) {
  const lines = shown
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => !/^Script (started|done) on /.test(line));
  const end = lines.findIndex((line) => line.includes('Still running until Ctrl-C'));
  const all = ['$ huntwire demo', ...lines.slice(0, end)];
  const tail = all.slice(-(MOST_LINES - 12));
  const body = all.length <= MOST_LINES ? all : [...all.slice(0, 11), '\u001b[2m…\u001b[0m', ...tail];
  return `${body.join('\n').trimEnd()}\n`;
}

async function photograph(page) {
  const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage({ viewport: { width: 1000, height: 940 } });
    await tab.goto(`file://${page}`);
    await tab.screenshot({ path: join(IMAGES, 'report.png') });
  } finally {
    await browser.close();
  }
}
