import { readRulesOfText, type TextReader, type TextReading } from '../../rules/read-text.ts';

/** Reads texts of rules, each once: of a thousand files one has changed. */
export interface ReadMemory {
  readonly reader: TextReader;
}

const MOST_KEPT = 5000;

export function createReadMemory(): ReadMemory {
  const kept = new Map<string, { readonly text: string; readonly reading: TextReading }>();
  return {
    reader: (file, text) => {
      const known = kept.get(file);
      const reading = known?.text === text ? known.reading : readRulesOfText(file, text);
      kept.delete(file);
      kept.set(file, { text, reading });
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return reading;
    },
  };
}
