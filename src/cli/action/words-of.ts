/**
 * What an action was given, as its verb takes it: options with their values in one word, so that no value is taken for an option; what
 * stands by itself comes behind a `--`.
 */
export function wordsOf(
  properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  input: Readonly<Record<string, unknown>>,
): readonly string[] {
  const options: string[] = [];
  const places: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    const form = String(properties[name]?.['x-cli'] ?? '');
    const values = [value].flat();
    if (!form.startsWith('--')) places.push(...values.map(String));
    else if (value === true) options.push(form);
    else if (value !== false) options.push(...values.map((one) => `${form}=${String(one)}`));
  }
  return [...options, ...(places.length > 0 ? ['--', ...places] : [])];
}
