/** Names of members are few: of fields of alerts and entities, of details of rules, of columns. */
const MOST_LABELS = 1000;
const LABELS = new Map<string, readonly [first: Uint8Array, later: Uint8Array]>();

/** What stands in front of a member's value, in UTF-8: a brace or a comma, its name and a colon. Must not be changed. */
export function labelOf(name: string, isFirst: boolean): Uint8Array {
  const known = LABELS.get(name);
  if (known) return isFirst ? known[0] : known[1];
  const label = `${JSON.stringify(name)}:`;
  const encoder = new TextEncoder();
  const made = [encoder.encode(`{${label}`), encoder.encode(`,${label}`)] as const;
  if (LABELS.size >= MOST_LABELS) LABELS.clear();
  LABELS.set(name, made);
  return isFirst ? made[0] : made[1];
}
