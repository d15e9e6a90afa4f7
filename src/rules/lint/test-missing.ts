import type { LintCheck } from './check.ts';

export const testMissing: LintCheck = {
  id: 'test-missing',
  description: 'No test, or (info) none that fires or none that stays quiet.',
  why: 'Without a test, nobody notices when an edit makes the rule blind, or loud.',
  mend: 'Add a test that fires and one that stays quiet.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) => {
    const place = rule.map.placeOf(['tests']);
    if (rule.tests.length === 0) {
      return [{ place, message: 'The rule has no test.', suggestion: 'Add a test that fires and one that does not.' }];
    }
    const firing = rule.tests.some((test) => test.alerts.length > 0);
    const quiet = rule.tests.some((test) => test.alerts.length === 0);
    if (firing && quiet) return [];
    const message = firing ? 'No test shows what the rule leaves alone.' : 'No test shows the rule firing.';
    return [{ place, message, suggestion: 'Add a test that fires and one that does not.', severity: 'info' }];
  },
};
