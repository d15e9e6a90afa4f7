import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EditorClient, openEditor, textIn } from './editor-client.ts';

const ruleOf = (query: string): string => `id: office-shell
name: Shell of an Office program
severity: high
attack: [T1059.001]
schedule: {every: 15m}
${query}
alert:
  title: "{{FileName}} on {{DeviceName}}"
`;

describe('findings', () => {
  let editor: EditorClient;
  beforeAll(async () => {
    editor = await openEditor();
  });
  afterAll(() => editor.end());

  const found = async (name: string, text: string) => {
    await editor.open(name, text);
    return (await editor.diagnostics(name)).map((one) => ({ code: one.code, at: textIn(text, one) }));
  };

  it.each([
    ['a block', 'query: |\n  DeviceProcessEvents\n  | where FilName == "a"\n'],
    ['a folded block', 'query: >\n  DeviceProcessEvents\n  | where FilName == "a"\n'],
    ['double quotes', 'query: "DeviceProcessEvents | where FilName == \\"a\\""\n'],
    ['single quotes', "query: 'DeviceProcessEvents | where FilName == \"it''s\"'\n"],
    ['one line', 'query: DeviceProcessEvents | where FilName == "a"\n'],
    ['Windows line ends', 'query: |\r\n  DeviceProcessEvents\r\n  | where FilName == "a"\r\n'],
    ['tabs', 'query: |\n  DeviceProcessEvents\n  |\twhere\tFilName == "a"\n'],
    ['characters of two units', 'query: |\n  DeviceProcessEvents\n  | where FileName != "😀" and FilName == "a"\n'],
  ])('stand at the very characters in %s', async (name, query) => {
    const text = ruleOf(query);
    const file = `${name.replaceAll(' ', '-')}.yaml`;
    expect(await found(file, text)).toContainEqual({ code: 'column-unknown', at: 'FilName' });
    await editor.close(file);
  });

  it('stand where they should behind a byte order mark', async () => {
    const text = `\uFEFFseverity: hig\n${ruleOf('query: DeviceProcessEvents\n').replace('severity: high\n', '')}`;
    await editor.open('marked.yaml', text);
    const [first] = await editor.diagnostics('marked.yaml');
    expect([textIn(text, first as never), first?.range.start]).toEqual(['hig', { line: 0, character: 11 }]);
  });

  it('follow what is typed, and go with the file', async () => {
    const broken = ruleOf('query: |\n  DeviceProcessEvents | where\n');
    await editor.open('typed.yaml', broken);
    expect((await editor.diagnostics('typed.yaml')).length).toBeGreaterThan(0);
    const good = ruleOf('query: |\n  DeviceProcessEvents | where FileName =~ "powershell.exe"\n');
    await editor.change('typed.yaml', good);
    const left = await editor.diagnostics('typed.yaml', (some) => some.every(({ severity }) => severity !== 1));
    expect(left.map(({ code }) => code)).toEqual(['test-missing']);
    await editor.close('typed.yaml');
    expect(await editor.diagnostics('typed.yaml', (some) => some.length === 0)).toEqual([]);
  });

  const sentinel = `id: 5b6ae038-f66e-4f74-9315-df52fd492be4
name: x
kind: Scheduled
severity: High
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  DeviceProcessEvents
  | where FilName == "a"
`;
  const arm = JSON.stringify(
    {
      resources: [
        {
          type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
          name: 'x/Microsoft.SecurityInsights/5b6ae038-f66e-4f74-9315-df52fd492be4',
          kind: 'Scheduled',
          properties: {
            ...{ displayName: 'x', enabled: true, severity: 'High', queryFrequency: 'PT1H', queryPeriod: 'PT1H' },
            ...{ triggerOperator: 'GreaterThan', triggerThreshold: 0 },
            query: 'DeviceProcessEvents\n| where FilName == "a"',
          },
        },
      ],
    },
    null,
    2,
  );
  const detection = JSON.stringify(
    {
      ...{ '@odata.type': '#microsoft.graph.security.detectionRule', displayName: 'x', isEnabled: true },
      queryCondition: {
        queryText: 'DeviceProcessEvents\n| where FilName == "a"\n| project Timestamp, DeviceId, ReportId',
      },
      schedule: { period: '1H' },
      detectionAction: { alertTemplate: { title: 'x', severity: 'high', category: 'Execution' } },
    },
    null,
    2,
  );

  it.each([
    ['an analytics rule of Sentinel', 'sentinel.yaml', sentinel],
    ['a template of Sentinel', 'arm.json', arm],
    ['a detection rule of Defender', 'detection.json', detection],
    ['a query by itself', 'hunt.kql', 'DeviceProcessEvents\n| where FilName == "a"\n'],
  ])('stand at the very characters of %s', async (_, file, text) => {
    expect(await found(file, text)).toContainEqual({ code: 'column-unknown', at: 'FilName' });
  });

  it('are of our files alone', async () => {
    expect(await found('compose.yaml', 'services:\n  web: {image: nginx}\n')).toEqual([]);
    expect(await found('package.json', '{"name": "x", "query": "y"}')).toEqual([]);
  });
});
