import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { sampleAlert } from '../targets/sample-alert.ts';

const PIECES = [
  ...[
    '<!channel>',
    '&',
    '```',
    '[x](http://evil.example)',
    '{noformat}',
    '[code]',
    '[/code]',
    '{{x}}',
    '@here',
    '|',
    '"\\',
  ],
  ...['\u0000\n', '\u202e', '\u2028', '\ufffd', '😀', 'e\u0301', 'a ', '\t', ']]>', '<script>'],
];

/** Alerts that hold what a vendor may take for its own: markup, calls, quotes, line ends, and characters that nobody sees. */
export function oddAlerts(): fc.Arbitrary<Alert> {
  const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 800 }).map((pieces) => pieces.join(''));
  const ids = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 });
  return fc.tuple(ids, texts, texts, fc.nat(30)).map(([id, one, other, count]) => {
    const row = { One: one, Other: other, Third: { deep: [one] }, [one.slice(0, 40)]: 1 };
    return sampleAlert({
      id: id.join(''),
      title: one.slice(0, 512),
      description: other,
      rule: { ...sampleAlert().rule, tags: [one.slice(0, 60)], runbook: 'https://wiki.example/?a=1&b=2' },
      evidence: Array.from({ length: count }, () => row),
      entities: Array.from({ length: count }, () => ({ type: 'file', name: one, path: other })),
      observables: Array.from({ length: count }, (_, at) => ({ type: 'file-name', value: at % 2 ? one : other })),
      details: row,
    });
  });
}
