import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { TRIED } from './busy-console.ts';
import { NO_TRIES, openConsole, READER } from './open-console.ts';
import { words } from './words.ts';

describe('a query that somebody tries', () => {
  it('over local data shows rows, what each operator let through, and its chart with a table', async () => {
    const asked: string[] = [];
    const local = async (kql: string) => {
      asked.push(kql);
      return TRIED;
    };
    const { send } = openConsole({ console: { tries: { ...NO_TRIES, local } } });
    const { text } = await send('/try', { kql: 'T\r\n| where <x>', on: 'local' });
    const said = words(text);
    expect(asked).toEqual(['T\n| where <x>']);
    expect(text).toContain('T\n| where &lt;x&gt;</textarea>');
    expect(said).toContain('1 row from local in 7 ms.');
    expect(said).toContain('1 9 0 where &lt;b&gt;');
    expect(said).toContain('2 lines were left out.');
    expect(text).toContain('aria-label="By hour, 0 to 4"');
    expect(said).toContain('count_ 2026-01-01T14:00:00.000Z 4');
  });

  it('stands there whole to be asked again, and is never asked in part', async () => {
    const asked: string[] = [];
    const local = async (kql: string) => {
      asked.push(kql);
      return TRIED;
    };
    const { send } = openConsole({ console: { tries: { ...NO_TRIES, local } } });
    const kql = `T // ${'x'.repeat(25_000)}`;
    expect((await send('/try', { kql, on: 'local' })).text).toContain(`\n${kql}</textarea>`);
    const { status } = await send('/try', { kql: `T // ${'x'.repeat(100_000)}`, on: 'local' });
    expect([status, asked]).toEqual([400, [kql]]);
  });

  it('over a tenant goes through the action, and tells what is left of its quota', async () => {
    const perform = () => ({ ...TRIED, source: 'graph', trace: undefined, chart: undefined });
    const { send, asked } = openConsole({ perform, console: { tries: { ...NO_TRIES, tenant: true } } });
    const { text } = await send('/try', { kql: 'T', on: 'tenant:contoso' });
    expect(words(text)).toContain('contoso calls in an hour 700 1400');
    expect(asked).toEqual([{ slug: 'run_query', input: { kql: 'T', tenant: 'contoso', limit: 500 }, by: 'analyst' }]);
  });

  it('and that is wrong is told with its places', async () => {
    const problem = { file: null, line: 2, column: 5, code: 'KQL_SYNTAX', message: 'No <such> column.' };
    const local = () => Promise.reject(new HuntwireError('KQL_SYNTAX', 'It does not parse.', { problems: [problem] }));
    const { send } = openConsole({ console: { tries: { ...NO_TRIES, local } } });
    const { status, text } = await send('/try', { kql: 'x', on: 'local' });
    expect([status, words(text)]).toEqual([
      200,
      expect.stringContaining('KQL_SYNTAX: It does not parse. 2:5 No &lt;such&gt; column.'),
    ]);
  });

  it('is checked first: below its lines stands what is wrong, and a tenant is not asked for what does not parse', async () => {
    const found = {
      check: 'query-finding',
      severity: 'error',
      line: 2,
      column: 3,
      message: 'No <x>.',
      suggestion: null,
    } as const;
    const seen: string[] = [];
    const check = async (kql: string) => {
      seen.push(kql);
      return [found];
    };
    const { send, asked } = openConsole({ console: { tries: { ...NO_TRIES, tenant: true, check } } });
    const { text } = await send('/try', { kql: 'T\n| where', on: 'tenant:contoso' });
    expect(text).toMatch(/\| where\n<span class="mark bad"> {5}\^ error: No &lt;x&gt;\. \(query-finding\)</);
    expect(words(text)).toContain('KQL_SYNTAX: It was not sent: it does not parse.');
    const only = await send('/try', { kql: 'T', on: 'tenant:contoso', do: 'check' });
    expect([seen, asked, only.text.includes('id="result-title"')]).toEqual([['T\n| where', 'T'], [], false]);
    const busy = openConsole({
      console: { tries: { ...NO_TRIES, local: async () => TRIED, check: () => Promise.reject(new Error('busy')) } },
    });
    const shown = words((await busy.send('/try', { kql: 'T', on: 'local' })).text);
    expect([shown.includes('could not look at it'), shown.includes('1 row from local')]).toEqual([true, true]);
  });

  it('is asked only where the configuration and the token allow it', async () => {
    const { send, asked, page, letIn } = openConsole();
    expect((await page('/try')).text).toContain('There is nothing to ask');
    expect((await send('/try', { kql: 'x', on: 'tenant:contoso' })).text).toContain('That cannot be asked here.');
    expect((await send('/try', { kql: 'x', on: 'local' })).text).toContain('That cannot be asked here.');
    const other = openConsole({ console: { tries: { ...NO_TRIES, local: async () => TRIED, tenant: true } } });
    await other.letIn(READER.token.reveal());
    expect((await other.page('/try')).text).not.toContain('<textarea');
    expect((await other.send('/try', { kql: 'x', on: 'local' })).status).toBe(400);
    expect([...asked, ...other.asked]).toEqual([]);
    await letIn();
  });
});
