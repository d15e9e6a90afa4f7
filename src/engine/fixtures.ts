/** One fixture row as it stands in a rule file: JSON values by column name. */
export type FixtureRow = Readonly<Record<string, unknown>>;

/** Answers for what the engine cannot know: lookups of the service and files on the network. Nothing is ever fetched. */
export interface Fixtures {
  /** Rows by function name: FileProfile, SeenBy, DeviceFromIP, geo_info_from_ip_address and the like. */
  readonly functions: Readonly<Record<string, readonly FixtureRow[]>>;
  /** Rows by URL, as `externaldata` names it. */
  readonly externaldata: Readonly<Record<string, readonly FixtureRow[]>>;
}

export const NO_FIXTURES: Fixtures = { functions: {}, externaldata: {} };

/** Own property only: fixture names come from rule files. */
export function fixtureRows(
  table: Readonly<Record<string, readonly FixtureRow[]>>,
  name: string,
): readonly FixtureRow[] | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
