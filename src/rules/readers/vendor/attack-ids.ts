import { TACTIC_BY_NAME } from './vendor-attack.ts';

/** The techniques and tactics of ATT&CK that a text names anywhere: `attack.t1059.001`, `attack.defense-evasion`. */
export function attackIds(text: string): readonly string[] {
  const techniques = [...text.matchAll(/\bT\d{4}(?:\.\d{3})?\b/gi)].map(([id]) => id.toUpperCase());
  const words = [...text.matchAll(/[a-z]+(?:[-_ ][a-z]+)*/gi)].map(([word]) =>
    word.toLowerCase().replaceAll(/[^a-z]/g, ''),
  );
  const tactics = words.flatMap((word) => TACTIC_BY_NAME[word] ?? []);
  return [...new Set([...techniques, ...tactics])];
}
