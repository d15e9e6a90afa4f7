import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RuleRow, ShownState, StatusDocument } from '../../../src/cli/status/status-document.ts';
import { drawBoard, shareOut } from '../../../src/cli/status/watch/board.ts';
import type { BoardInput } from '../../../src/cli/status/watch/board-input.ts';
import { followAlerts } from '../../../src/cli/status/watch/recent-alerts.ts';
import { watchStatus } from '../../../src/cli/status/watch/watch-status.ts';
import { shownWidth } from '../../../src/cli/terminal/fold.ts';
import { openScreen } from '../../../src/cli/terminal/screen.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import type { AlertMark, AlertPage } from '../../../src/state/alert-page.ts';
import { anyCharacter } from '../../any-character.ts';
import { sampleAlert } from '../../state/samples.ts';
import { createFakeWorld } from '../fake-world.ts';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const plain = (_: string, text: string): string => text;
const ruleRow = (rule: string, state: ShownState = 'ok', over: Partial<RuleRow> = {}): RuleRow => ({
  tenant: 'contoso',
  rule,
  state,
  coveredTo: null,
  lagSeconds: 0,
  nextRunAt: '2026-11-27T10:04:10.000Z',
  lastRun: { outcome: 'ok', rows: 3, alerts: 1 },
  loaded: true,
  hash: null,
  loadedHash: null,
  failingSince: null,
  failures: 0,
  error: null,
  waiting: null,
  ...over,
});

function boardOf(status: Partial<StatusDocument> = {}, over: Partial<BoardInput> = {}): BoardInput {
  const target = {
    oldestAt: null,
    dead: 0,
    inDigest: 0,
    circuit: 'closed',
    fallback: null,
    blockedSince: null,
  } as const;
  const tenant = {
    api: 'graph',
    blocked: null,
    pausedUntil: null,
    runSeconds: 65,
    slowedBy: null,
    lowHeldUntil: null,
    skewSeconds: 0,
  };
  return {
    status: {
      runner: null,
      runnerState: 'none',
      lastRunner: null,
      standby: null,
      reload: null,
      rules: [],
      problems: [],
      refusals: [],
      tenants: [{ ...tenant, tenant: 'contoso', calls: 350, pace: 1 }],
      targets: [{ ...target, target: 'soar', state: 'ok', pending: 12, attempts: 0, reason: null }],
      health: [],
      firing: [],
      acknowledgements: [],
      silences: [],
      maintenance: [],
      ...status,
    },
    alerts: [sampleAlert('a1')],
    callsPerHour: new Map([['contoso', 1400]]),
    now: NOW,
    trouble: null,
    ...over,
  };
}

describe('the board of status --watch', () => {
  it('shows rules, the worst first, quota as a bar, what waits and the last alerts', () => {
    const error = { code: 'SOURCE_TIMEOUT', message: 'The service did not answer in 200 s.' };
    const rules = [
      ruleRow('calm'),
      ruleRow('late', 'lagging', { lagSeconds: 7300 }),
      ruleRow('broken', 'failing', { error }),
    ];
    const lines = drawBoard(boardOf({ rules }), { columns: 80, rows: 24 }, plain);
    expect(lines).toEqual([
      `no runner is alive${' '.repeat(42)}2026-11-27 10:00:00Z`,
      '3 rules, 2 not ok · 12 waiting · 0 dead letters · 0 open health alerts',
      'RULE                        STATE        LAG     NEXT LAST RUN',
      'broken                      failing       0s    in 4m The service did not answe…',
      'late                        lagging       2h    in 4m ok: 3 rows, 1 alert',
      'calm                        ok            0s    in 4m ok: 3 rows, 1 alert',
      'QUOTA (calls of the last hour)',
      'contoso              █████░░░░░░░░░░░░░░░ 350 of 1400, 1m5s of run time',
      'OUTBOX               STATE      WAITING   OLDEST   DEAD',
      'soar                 ok              12        -      0',
      'LAST ALERTS',
      `2026-01-01 12:00:00Z firing   ${sampleAlert('a1').severity.padEnd(13)} ${sampleAlert('a1').title}`,
    ]);
  });

  it('fits every terminal, whatever the texts of others are, and counts what it leaves out', () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 12, max: 50 }),
        fc.array(text, { maxLength: 60 }),
        text,
        (columns, rows, names, title) => {
          const rules = names.map((name) => ruleRow(name, 'failing', { error: { code: 'X', message: title } }));
          const alerts = Array.from({ length: 30 }, (_, at) => sampleAlert(`a${at}`, { title }));
          const lines = drawBoard(boardOf({ rules }, { alerts, trouble: title }), { columns, rows }, plain);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(shownWidth(line)).toBeLessThanOrEqual(columns);
          const shown = lines.filter((line) => line.includes(' failing ')).length;
          if (shown < rules.length) expect(lines.join('\n')).toContain(`(${rules.length - shown} more)`);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shares its lines: short parts get what they need, long ones the rest', () => {
    expect(shareOut(20, [100, 1, 2, 30])).toEqual([9, 1, 2, 8]);
    expect(shareOut(20, [3, 1, 2, 1])).toEqual([3, 1, 2, 1]);
    expect(shareOut(-1, [3])).toEqual([0]);
  });
});

describe('watching', () => {
  const worldAt = () => {
    const clock = createManualClock(NOW);
    const drawn: string[] = [];
    const stream = { columns: 80, rows: 24, write: (text: string) => drawn.push(text) > 0 };
    const world = { ...createFakeWorld(), clock, openScreen: () => openScreen(stream) };
    return { world, clock, drawn };
  };

  it('draws again, tells a look that fails and keeps what it had, and puts the terminal back', async () => {
    const { world, clock, drawn } = worldAt();
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 2) throw new Error('the disk is gone');
      return boardOf({ rules: [ruleRow(`rule-${looks}`)] });
    };
    const watching = watchStatus(world, { everyMs: 2000, format: 'text', look });
    await clock.advance(4500);
    world.stop();
    await watching;
    const [opened, ...frames] = drawn;
    const closed = frames.pop();
    expect(opened).toBe('\u001b[?1049h\u001b[?25l');
    expect(closed).toBe('\u001b[?25h\u001b[?1049l');
    const texts = frames.map(stripVTControlCharacters);
    expect(texts.map((text) => /rule-\d/.exec(text)?.[0])).toEqual(['rule-1', 'rule-1', 'rule-3']);
    expect(texts.map((text) => text.includes('the disk is gone'))).toEqual([false, true, false]);
  });

  it('draws a line that fills the terminal whole, and clears what stood below', () => {
    const { world, drawn } = worldAt();
    const screen = world.openScreen();
    screen.draw(['x'.repeat(80), '\u001b[2Jy']);
    screen.draw(Array.from({ length: 30 }, () => 'z'));
    expect(drawn[1]).toBe(`\u001b[H\u001b[2K${'x'.repeat(80)}\r\n\u001b[2K\ufffd[2Jy\r\n\u001b[J`);
    expect(drawn[2]?.split('\r\n')).toHaveLength(24);
    screen.close();
    screen.draw(['late']);
    expect(drawn).toHaveLength(4);
  });

  it('ends with what the first look fails with, and puts the terminal back', async () => {
    const { world, drawn } = worldAt();
    const look = () => Promise.reject(new Error('no state'));
    await expect(watchStatus(world, { everyMs: 2000, format: 'text', look })).rejects.toThrow('no state');
    expect(drawn.at(-1)).toBe('\u001b[?25h\u001b[?1049l');
  });

  it('prints a line of JSON each time for programs, and refuses to draw where no terminal is', async () => {
    const clock = createManualClock(NOW);
    const world = { ...createFakeWorld(), clock };
    const options = { everyMs: 1000, look: async () => boardOf() };
    const watching = watchStatus(world, { ...options, format: 'json' });
    await clock.advance(2500);
    world.stop();
    await watching;
    const lines = world.out().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).runnerState)).toEqual(['none', 'none', 'none']);
    await expect(watchStatus(world, { ...options, format: 'text' })).rejects.toThrow('--watch draws on a terminal');
  });
});

it('the last alerts are followed from where the look before ended', async () => {
  const asked: (AlertMark | null)[] = [];
  const pageOf = (ids: readonly string[], more: boolean, over: Partial<AlertPage> = {}): AlertPage => ({
    alerts: ids.map((id) => sampleAlert(id)),
    end: { row: ids.length, alertId: ids.at(-1) ?? '' },
    more,
    begunAnew: false,
    ...over,
  });
  const pages = [
    pageOf(['a', 'b'], true),
    pageOf(['c'], false),
    pageOf(['d'], false),
    pageOf(['e'], false, { begunAnew: true }),
  ];
  const store = {
    alertPage: async ({ after }: { readonly after: AlertMark | null }) => {
      asked.push(after);
      return pages[asked.length - 1] ?? pageOf([], false);
    },
  };
  const followed = followAlerts();
  const idsOf = async () => (await followed.look(store, NOW)).map(({ id }) => id);
  expect(await idsOf()).toEqual(['c', 'b', 'a']);
  expect(await idsOf()).toEqual(['d', 'c', 'b', 'a']);
  expect(await idsOf()).toEqual(['e']);
  expect(asked.map((mark) => mark?.alertId)).toEqual([undefined, 'b', 'c', 'd']);
});

it('leaves out heartbeats, which would leave room for nothing else', async () => {
  const beat = sampleAlert('beat', { kind: 'health', health: { code: 'heartbeat', subject: 'watch' } });
  const end = { row: 2, alertId: 'beat' };
  const page = { alerts: [sampleAlert('a'), beat], end, more: false, begunAnew: false };
  const found = await followAlerts().look({ alertPage: async () => page }, NOW);
  expect(found.map(({ id }) => id)).toEqual(['a']);
});
