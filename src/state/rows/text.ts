import type { HeldSpan } from '../../alerts/memory.ts';
import { textInJson } from '../../lib/json/text-in-json.ts';

/**
 * Text that must come back exactly, as JSON: the driver cuts a text at U+0000 and cannot carry lone surrogates, and both can stand in
 * keys that are made of row values.
 */
export function exactText(text: string): string {
  return textInJson(text);
}

export function fromExactText(stored: string): string {
  return String(JSON.parse(stored));
}

/** Text for people: what the driver cannot carry is shown as U+FFFD. */
export function plainText(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

/** A list of times, as JSON. Mostly it is empty, and a null costs nothing. */
export function textOfTimes(times: readonly number[]): string | null {
  return times.length === 0 ? null : JSON.stringify(times);
}

export function timesOfText(text: string | null): readonly number[] {
  return text === null ? NO_TIMES : (JSON.parse(text) as number[]);
}

const NO_TIMES: readonly number[] = [];

/** As JSON, three values for each. Mostly there are none. */
export function textOfSpans(spans: readonly HeldSpan[]): string | null {
  return spans.length === 0 ? null : JSON.stringify(spans.map(({ from, to, newest }) => [from, to, newest]));
}

export function spansOfText(text: string | null): readonly HeldSpan[] {
  if (text === null) return NO_SPANS;
  return (JSON.parse(text) as [number, number, string | null][]).map(([from, to, newest]) => ({ from, to, newest }));
}

const NO_SPANS: readonly HeldSpan[] = [];
