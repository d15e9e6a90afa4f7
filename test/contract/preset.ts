import { describe, expect, it } from '@jest/globals';
import type { Preset } from '../../src/formats/presets/preset.ts';
import { wellFormed } from '../../src/lib/text.ts';
import { makeAlert } from '../alerts/samples.ts';
import { largeAlert } from './format.ts';

/** What holds for every body of every vendor: to be run on each preset of the registry. */
export function describePreset({ name, severities, bodies }: Preset): void {
  const options = { severities, settings: {} };
  describe.each(Object.entries(bodies))(`the preset ${name}: %s`, (_body, make) => {
    it('makes the same document of the same alert and leaves the alert alone', () => {
      const alert = makeAlert();
      const before = JSON.stringify(alert);
      expect(make(alert, options)).toEqual(make(alert, options));
      expect(JSON.stringify(alert)).toBe(before);
    });

    it('is well-formed JSON, whatever the alert holds', () => {
      for (const alert of [makeAlert(), largeAlert(), makeAlert({ entities: [], evidence: [], title: '' })]) {
        const text = JSON.stringify(make(alert, options));
        expect(JSON.parse(text)).toEqual(make(alert, options));
        expect(wellFormed(text)).toBe(text);
      }
    });

    it('takes columns that are called as what every object has, in one row and not in the next', () => {
      const names = [['constructor', 'toString'], ['valueOf'], []];
      const evidence = names.map((some) => Object.fromEntries(some.map((name) => [name, 'a'])));
      expect(() => make(makeAlert({ evidence }), options)).not.toThrow();
    });

    it('says which alert it is', () => {
      expect(JSON.stringify(make(makeAlert(), options))).toContain(makeAlert().id);
    });
  });
}
