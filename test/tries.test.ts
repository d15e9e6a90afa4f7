import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';

it('has properties tried with the same inputs each time', () => {
  expect(fc.readConfigureGlobal().seed).toEqual(expect.any(Number));
});

it('has no file that would load a second fast-check, which knows no seed', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => ({ name, text: readFileSync(join(import.meta.dirname, name), 'utf8') }));
  const own = texts.filter(({ text }) => text.startsWith('/** @jest-environment-options {"modules": "own"}'));
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter(({ text }) => text.includes(" from 'fast-check'")).map(({ name }) => name)).toEqual([]);
});
