import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { rowName, ruleNames } from '../../../src/cli/report/charts.ts';
import { reportPage } from '../../../src/cli/report/report-page.ts';
import { describeWith, programProblem } from '../../e2e/receivers.ts';
import { reportOfSomeDays } from './some-days.ts';

/** The hostile name as a person sees it, its first line. */
const SHOWN = '</script><img src=x';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

it('a long name of a row goes on in a second line, at a break where there is one', () => {
  const guid = '2f7f6f5d-9a0e-4f57-8b6a-3f4c5d1e8a63';
  expect(rowName('encoded-powershell')).toBe('encoded-powershell');
  expect(rowName(guid)).toBe(guid.replace(/-(?=3f4c)/, '-\n'));
  expect(rowName('Encoded PowerShell started by an Office program')).toBe(
    'Encoded PowerShell started by\nan Office program',
  );
  const long = rowName('x'.repeat(100));
  expect(long).toBe(`${'x'.repeat(32)}\n${'x'.repeat(31)}…`);
});

it('a row names the tenant of its rule where rules of several tenants stand there', () => {
  const [a, b] = [
    { tenant: 'a', rule: 'spray' },
    { tenant: 'b', rule: 'spray' },
  ];
  expect(ruleNames([a, a])).toEqual(['spray', 'spray']);
  expect(ruleNames([a, b])).toEqual(['a/spray', 'b/spray']);
});

/** Texts of charts that go over the edge of their chart. */
const CUT = `[...document.querySelectorAll('section svg')].flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  const isCut = ({ left, right }) => left < edge.left - 1 || right > edge.right + 1;
  return [...svg.querySelectorAll('text')].filter((text) => isCut(text.getBoundingClientRect())).map((text) => text.textContent);
})`;

describeWith(programProblem('chromium'), 'the page of a report in a browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  /** To show it takes seconds: once for all. */
  beforeAll(async () => {
    const html = reportPage(await reportOfSomeDays());
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => complaints.push(request.url()));
    await page.setContent(html);
  });
  afterAll(() => browser.close());

  it('shows every section with its chart, asks for nothing and runs nothing of what alerts say', async () => {
    expect(await page.locator('h2').allTextContents()).toEqual([
      'Runs',
      'Alerts',
      'Noise',
      'Dispositions',
      'From event to delivery',
      'Quota',
      'Coverage',
      'ATT&CK',
    ]);
    expect(await page.locator('section svg').count()).toBe(8);
    expect(await page.locator('section svg').first().boundingBox()).toMatchObject({ width: expect.any(Number) });
    expect(await page.locator('img, script, iframe').count()).toBe(0);
    expect(await page.evaluate<readonly string[]>(CUT)).toEqual([]);
    const hostile = (await page.locator('section svg text').allTextContents()).filter((text) => text.startsWith('</'));
    expect(new Set(hostile)).toEqual(new Set([SHOWN]));
    expect(complaints).toEqual([]);
  });

  it('has no finding of axe by WCAG 2.2 AA, tables open', async () => {
    await page.locator('summary').evaluateAll((all) => {
      for (const one of all) one.parentElement?.setAttribute('open', '');
    });
    await page.evaluate(AXE);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = (await page.evaluate(`axe.run({runOnly: ${JSON.stringify(tags)}})`)) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    };
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it('is not wider than a phone: what is wide scrolls by itself', async () => {
    for (const isOpen of [true, false]) {
      await page.locator('details').evaluateAll((all, open) => {
        for (const one of all) one.toggleAttribute('open', open);
      }, isOpen);
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(320);
    }
  });
});
