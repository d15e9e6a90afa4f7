import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAlertLink, withLink } from '../../src/alerts/alert-link.ts';
import { anyCharacter } from '../any-character.ts';
import { makeAlert } from './samples.ts';

function linkOf(template: string, alert = makeAlert()): string {
  const parsed = parseAlertLink(template);
  if (parsed.kind === 'problem') throw new Error(parsed.message);
  return withLink(alert, parsed.linkOf).links?.alert ?? '';
}

describe('the link of an alert', () => {
  it('has what the template names, each as one value', () => {
    const alert = makeAlert({ tenant: 'a/b?c', rule: { ...makeAlert().rule, id: 'x y"&<' } });
    expect(linkOf('https://c.example/{{tenant}}/{{ rule }}?q={{kind}}#{{id}}', alert)).toBe(
      `https://c.example/a%2Fb%3Fc/x%20y%22%26%3C?q=detection#${alert.id}`,
    );
  });

  it('is an address whatever the alert holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (tenant) => {
        const link = linkOf('http://localhost:1/{{tenant}}/{{id}}', makeAlert({ tenant: `t${tenant}\ud800` }));
        expect(new URL(link).pathname.split('/')).toHaveLength(3);
        expect(link).toMatch(/^[!-~]+$/);
      }),
    );
  });

  it.each([
    ['ftp://c.example/{{id}}', 'begins with https'],
    ['javascript:alert(1)//{{id}}', 'begins with https'],
    ['https://c.example/{{id}} x', 'holds no spaces'],
    ['https://c.example/{{title}}', 'is nothing that a link can hold'],
    ['https://c.example/{{constructor}}', 'is nothing that a link can hold'],
    ['https://c.example/{id}', 'holds no spaces'],
  ])('%s is refused', (template, message) => {
    expect(parseAlertLink(template)).toEqual({ kind: 'problem', message: expect.stringContaining(message) });
  });

  it('is none where nobody said one', () => {
    const alert = makeAlert();
    expect(withLink(alert, null)).toBe(alert);
  });
});
