/** Tactics in the order of the matrix, and techniques by id with their names and tactics. */
export function matrixOf(stix) {
  const matrix = stix['x-mitre-matrix'].find((one) => !isRetired(one));
  const byRef = new Map(stix['x-mitre-tactic'].map((one) => [one.id, one]));
  const tactics = matrix.tactic_refs.map((ref) => tacticOf(byRef.get(ref)));
  return { tactics, techniques: techniquesOf(stix, new Map(tactics.map((one) => [one.short, one.id]))) };
}

/** Ids of techniques and tactics that are in use, for those matrices of which no more is asked. */
export function otherIds(stix) {
  const objects = [...stix['attack-pattern'], ...stix['x-mitre-tactic']].filter((one) => !isRetired(one));
  return [...new Set(objects.map(idOf))].filter(Boolean).sort();
}

function tacticOf(tactic) {
  return { id: idOf(tactic), name: tactic.name, short: tactic.x_mitre_shortname };
}

function techniquesOf(stix, tacticIds) {
  const patterns = stix['attack-pattern'];
  const ids = new Map(patterns.map((one) => [one.id, idOf(one)]));
  const successors = new Map(
    stix.relationship
      .filter((one) => one.relationship_type === 'revoked-by')
      .map((one) => [one.source_ref, ids.get(one.target_ref)]),
  );
  const entries = patterns.map((one) => [idOf(one), techniqueOf(one, tacticIds, successors.get(one.id) ?? null)]);
  // Some ids were given twice; the one that is in use counts.
  entries.sort((a, b) => compare(a[0], b[0]) || Number('retired' in b[1]) - Number('retired' in a[1]));
  return Object.fromEntries(entries.filter(([id]) => id !== null));
}

function techniqueOf(pattern, tacticIds, successor) {
  const phases = (pattern.kill_chain_phases ?? []).filter((one) => one.kill_chain_name === 'mitre-attack');
  const tactics = phases.map((one) => tacticIds.get(one.phase_name)).filter(Boolean);
  return { name: pattern.name, tactics, ...(isRetired(pattern) && { retired: { by: successor } }) };
}

function isRetired(object) {
  return object.revoked === true || object.x_mitre_deprecated === true;
}

function idOf(object) {
  const own = (object.external_references ?? []).find((one) => one.source_name === 'mitre-attack');
  return own?.external_id ?? null;
}

function compare(left, right) {
  return left < right ? -1 : left > right ? 1 : 0;
}
