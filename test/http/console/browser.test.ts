import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { describeWith, programProblem } from '../../e2e/receivers.ts';
import { tries } from '../../tries.ts';
import { HOSTILE_TITLE, MAIN_PATHS, openBusyConsole, PATHS, ROW_PATH } from './busy-console.ts';
import { WRITER } from './open-console.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** All pages take minutes: `npm run test:long` looks at them. */
const SEEN = PATHS.filter((path) => tries(0, 1) > 0 || MAIN_PATHS.includes(path));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

describeWith(programProblem('chromium'), 'the console in a browser', () => {
  let browser: Browser;
  let server: Server;
  let base: string;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const opened = await openBusyConsole();
    server = createAdaptorServer({ fetch: opened.fetch, overrideGlobalObjects: false }) as Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`;
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => !request.url().startsWith(base) && complaints.push(request.url()));
    await page.goto(`${base}/rules`);
    await page.fill('#token', WRITER.token.reveal());
    await page.keyboard.press('Enter');
    // The address is the same before.
    await page.waitForSelector('nav[aria-label=Pages]');
    complaints.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const findings = async (what: object): Promise<readonly unknown[]> => {
    const found = (await page.evaluate(`axe.run(${JSON.stringify(what)})`)) as Found;
    return found.violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
  };

  it.each(SEEN)(
    '%s keeps to WCAG 2.2 AA light and dark, is as narrow as a phone, and keeps to its policy',
    async (path) => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });
      expect((await page.goto(`${base}${path}`))?.status()).toBe(200);
      // What comes of it is a page, too.
      if (path === '/try') {
        await page.fill('#kql', 'T');
        await page.click('button[value=run]');
      }
      if (path === ROW_PATH) {
        await page.fill('#row', '{}');
        await page.click('form[action$="/row"] button');
      }
      await page.locator('details').evaluateAll((all) => {
        for (const one of all) one.setAttribute('open', '');
      });
      await page.evaluate(AXE);
      expect(await findings({ runOnly: TAGS })).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await findings({ runOnly: ['color-contrast'] })).toEqual([]);
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(320);
      expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  it('shows what alerts say as text', async () => {
    await page.goto(`${base}/alerts`);
    const shown = await page.locator('td a').allTextContents();
    expect(shown).toContain(HOSTILE_TITLE.replaceAll('\u202e', '\ufffd').replaceAll('\u001b', '\ufffd'));
  });

  it('is gone through by keys: the first leads to the content', async () => {
    await page.goto(`${base}/rules`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('brings its parts up to date, but not the one with the focus, and not unseen', async () => {
    await page.goto(`${base}/rules`);
    const mark = (id: string) => page.evaluate(`document.getElementById('${id}').append('old')`);
    const old = (id: string) => page.evaluate(`document.getElementById('${id}').textContent.includes('old')`);
    await mark('rules');
    await mark('age');
    await page.locator('#rules a').first().focus();
    const answered = page.waitForResponse((answer) => answer.request().headers()['x-poll'] === '1');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await answered;
    await page.waitForFunction(`!document.getElementById('age').textContent.includes('old')`);
    expect([await old('rules'), await old('age')]).toEqual([true, false]);
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true })`);
    await mark('age');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    expect(await old('age')).toBe(true);
  });

  it('works without script: signing in, every page, a confirmed change', async () => {
    const bare = await browser.newContext({ javaScriptEnabled: false });
    const still = await bare.newPage();
    await still.goto(`${base}/letters/drop?id=3`);
    await still.fill('#token', WRITER.token.reveal());
    await still.click('button');
    expect(await still.locator('h1').textContent()).toBe('Drop?');
    await still.click('button.danger');
    expect(still.url()).toBe(`${base}/letters`);
    for (const path of SEEN) {
      expect((await still.goto(`${base}${path}`))?.status()).toBe(200);
      expect(await still.locator('h1').count()).toBe(1);
    }
    await bare.close();
  });
});
