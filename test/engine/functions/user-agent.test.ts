import { describe, expect, it } from '@jest/globals';
import { evaluate, rowsOf } from '../evaluate.ts';

const NOKIA =
  'Mozilla/5.0 (SymbianOS/9.2; U; Series60/3.1 NokiaN81-3/10.0.032 Profile/MIDP-2.0 Configuration/CLDC-1.1 ) AppleWebKit/413 (KHTML, like Gecko) Safari/4';
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91';

describe('parse_user_agent', () => {
  it('tells browser, system and device, as many as are asked for', async () => {
    const adobe = 'Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1';
    expect(await evaluate(`parse_user_agent('${adobe}', 'browser')`)).toEqual({
      Browser: { Family: 'AdobeAIR', MajorVersion: '2', MinorVersion: '5', Patch: '1' },
    });
    expect(await evaluate(`parse_user_agent('${NOKIA}', dynamic(['browser', 'os', 'device']))`)).toEqual({
      Browser: { Family: 'Nokia OSS Browser', MajorVersion: '3', MinorVersion: '1', Patch: '' },
      OperatingSystem: { Family: 'Symbian OS', MajorVersion: '9', MinorVersion: '2', Patch: '', PatchMinor: '' },
      Device: { Family: 'Nokia N81', Brand: 'Nokia', Model: 'N81-3' },
    });
    expect(
      await rowsOf(
        `print ua = parse_user_agent('${EDGE}', dynamic(['OS', 'browser'])) | project ua.OperatingSystem.Family, ua.OperatingSystem.MajorVersion, ua.Browser.Family, ua.Browser.MajorVersion`,
      ),
    ).toEqual([['Windows', '10', 'Edge', '120']]);
  });

  it('says Other where nothing matches, and nothing where nothing known is asked for', async () => {
    const nothing = { Family: 'Other', MajorVersion: '', MinorVersion: '', Patch: '' };
    expect(await evaluate(`parse_user_agent('', 'browser')`)).toEqual({ Browser: nothing });
    expect(await evaluate(`parse_user_agent('some tool', 'device')`)).toEqual({
      Device: { Family: 'Other', Brand: '', Model: '' },
    });
    expect(await evaluate(`parse_user_agent('some tool', 'planet')`)).toBeNull();
  });

  it('is not held up by a text that is made to', async () => {
    const hostile = `Mozilla/5.0 ${'('.repeat(20_000)}${'Android; '.repeat(3_000)}`;
    expect(
      await rowsOf(`print isnotempty(parse_user_agent('${hostile}', dynamic(['browser', 'os', 'device'])))`),
    ).toEqual([[true]]);
  });
});
