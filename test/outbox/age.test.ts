import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/duration.ts';
import { ageMs, stepMs } from '../../src/outbox/age.ts';
import { freshTarget, START } from '../state/samples.ts';
import { sampleEntry } from './bare-session.ts';

describe('the age of an entry', () => {
  it.each([
    { name: 'nothing for a first attempt', from: null, step: 0 },
    { name: 'the time since the one before', from: START - 5000, step: 5000 },
    { name: 'six hours at most', from: START - 6 * HOUR_MS - 1, step: 6 * HOUR_MS },
    { name: 'nothing where time went back', from: START + 5000, step: 0 },
  ])('grows with an attempt by $name', ({ from, step }) => {
    expect(stepMs(from, START)).toBe(step);
    expect(ageMs(sampleEntry(1, { agedMs: 100, triedAt: from }), freshTarget('soar'), START)).toBe(100 + step);
  });

  it.each([
    { probedFrom: 1000, age: 100 + 6000 + 300 },
    { probedFrom: 7000, age: 100 + 300 },
    { probedFrom: 9000, age: 100 + 300 },
  ])('grows with the probes of a blocked target since they count for it: $age', ({ probedFrom, age }) => {
    const target = { ...freshTarget('soar'), probedMs: 7000, probedAt: START - 300 };
    expect(ageMs(sampleEntry(1, { agedMs: 100, triedAt: START - 5000, probedFrom }), target, START)).toBe(age);
  });
});
