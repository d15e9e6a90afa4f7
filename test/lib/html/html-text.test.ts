import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlText } from '../../../src/lib/html/html-text.ts';

describe('htmlText', () => {
  it('leaves nothing that ends an element or an attribute, and loses nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const html = htmlText(text);
        expect(html).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        const back = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as Readonly<Record<string, string>>;
        expect(html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => back[name] ?? '')).toBe(text);
      }),
    );
  });
});
