import { describe, expect, it } from '@jest/globals';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

async function times(
  cells: readonly string[],
  options: Parameters<typeof stage.ask>[1] = {},
): Promise<readonly unknown[]> {
  stage.write('DeviceEvents.csv', `Timestamp\n${cells.map((cell) => `"${cell}"`).join('\n')}\n`);
  return (await stage.ask('DeviceEvents | project Timestamp', options)).rows.map(({ Timestamp }) => Timestamp);
}

describe('times as portals and spreadsheets write them', () => {
  it('ISO and named months, with and without seconds', async () => {
    expect(
      await times([
        'Nov 26, 2026 7:00:00 AM',
        '26 Nov 2026 07:00:00',
        '2026-11-26 07:00:00',
        '2026-11-26T07:00:00.1234567Z',
        '2026-11-26T08:00:00+01:00',
        'November 26, 2026 12:30 AM',
        'Nov 26, 2026 7:00:00\u202FPM',
      ]),
    ).toEqual([
      '2026-11-26T07:00:00Z',
      '2026-11-26T07:00:00Z',
      '2026-11-26T07:00:00Z',
      '2026-11-26T07:00:00.1234567Z',
      '2026-11-26T07:00:00Z',
      '2026-11-26T00:30:00Z',
      '2026-11-26T19:00:00Z',
    ]);
  });

  it('a number above twelve tells what it is, date by date', async () => {
    expect(
      await times(['13/03/2024, 3:40:13.988 pm', '11/26/2026 7:00:00 AM', '26.11.2026 07:00:00', '5/5/2026']),
    ).toEqual(['2024-03-13T15:40:13.988Z', '2026-11-26T07:00:00Z', '2026-11-26T07:00:00Z', '2026-05-05T00:00:00Z']);
  });

  it('the others go by the column where its dates agree', async () => {
    expect(await times(['03/04/2026', '13/04/2026'])).toEqual(['2026-04-03T00:00:00Z', '2026-04-13T00:00:00Z']);
    expect(await times(['03/04/2026', '04/13/2026'])).toEqual(['2026-03-04T00:00:00Z', '2026-04-13T00:00:00Z']);
  });

  it('where nothing tells, or the dates contradict one another, it is asked for', async () => {
    for (const cells of [['03/04/2026'], ['03/04/2026', '13/03/2026', '03/13/2026']]) {
      await expect(times(cells)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/DeviceEvents\.csv: "03\/04\/2026" in Timestamp .*--dates dmy or --dates mdy/),
      });
    }
    expect(await times(['03/04/2026'], { dates: 'dmy' })).toEqual(['2026-04-03T00:00:00Z']);
    expect(await times(['03/04/2026', '04/13/2026'], { dates: 'mdy' })).toEqual([
      '2026-03-04T00:00:00Z',
      '2026-04-13T00:00:00Z',
    ]);
  });

  it('a query that does not ask for the times needs no order', async () => {
    stage.write('DeviceEvents.csv', 'Timestamp,DeviceName\n03/04/2026,a\n');
    expect((await stage.ask('DeviceEvents | project DeviceName')).rows).toEqual([{ DeviceName: 'a' }]);
  });

  it('one file of a table may tell for another that is silent, and not for one that contradicts itself', async () => {
    stage.write('DeviceEvents-1.csv', 'Timestamp\n03/04/2026\n');
    stage.write('DeviceEvents-2.csv', 'Timestamp\n13/04/2026\n');
    expect((await stage.ask('DeviceEvents | project Timestamp | sort by Timestamp asc')).rows).toEqual([
      { Timestamp: '2026-04-03T00:00:00Z' },
      { Timestamp: '2026-04-13T00:00:00Z' },
    ]);
  });

  it('what is no time becomes null, is counted and named, and with strict an error', async () => {
    stage.write('DeviceEvents.csv', 'Timestamp,DeviceName\nsoon,a\n,b\n2026-01-00,c\n2026-01-01,d\n');
    const { rows, notes } = await stage.ask('DeviceEvents | where isnull(Timestamp) | project DeviceName');
    expect(rows.map(({ DeviceName }) => DeviceName)).toEqual(['a', 'b', 'c']);
    expect(notes).toEqual([
      'DeviceEvents.Timestamp: 2 cells are no datetime in DeviceEvents.csv and became null; the first is "soon" in row 1.',
    ]);
    await expect(stage.ask('DeviceEvents | where isnull(Timestamp)', { strict: true })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect((await stage.ask('DeviceEvents | project DeviceName', { strict: true })).rows).toHaveLength(4);
  });
});

describe('headers that tell the zone', () => {
  it('UTC, of a table that no schema knows', async () => {
    stage.write(
      'SigninLogs.csv',
      '\uFEFF"TimeGenerated [UTC]","UserPrincipalName","ResultType"\r\n"11/26/2026, 7:00:00.000 AM","kim@x","50126"\r\n',
    );
    const { rows, columns, notes } = await stage.ask('SigninLogs');
    expect(columns).toEqual(['TimeGenerated:datetime', 'UserPrincipalName:string', 'ResultType:string']);
    expect([rows, notes]).toEqual([
      [{ TimeGenerated: '2026-11-26T07:00:00Z', UserPrincipalName: 'kim@x', ResultType: '50126' }],
      [],
    ]);
  });

  it('local time is read as UTC, and that is told', async () => {
    stage.write('SigninLogs.csv', '"TimeGenerated [Local Time]"\n"11/26/2026, 7:00:00.000 AM"\n');
    const { rows, notes } = await stage.ask('SigninLogs | project TimeGenerated');
    expect(rows).toEqual([{ TimeGenerated: '2026-11-26T07:00:00Z' }]);
    expect(notes).toEqual([
      'SigninLogs.csv: TimeGenerated is local time by its header (Local Time); it is read as UTC.',
    ]);
  });

  it('a bracket behind another name is taken off, too', async () => {
    stage.write('SigninLogs.csv', 'CreatedDateTime [UTC],Note\n"Nov 26, 2026 7:00:00 AM",x\n');
    expect((await stage.ask('SigninLogs')).columns).toEqual(['CreatedDateTime:datetime', 'Note:string']);
  });
});
