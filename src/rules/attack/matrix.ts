import data from '../../../schemas/attack.json' with { type: 'json' };

/** A column of the enterprise matrix. */
export interface Tactic {
  readonly id: string;
  readonly name: string;
  /** As the Navigator writes it: `lateral-movement`. */
  readonly short: string;
}

/** A technique of the enterprise matrix, or a part of one (`T1059.001`). */
export interface Technique {
  readonly id: string;
  readonly name: string;
  /** Ids of its tactics, in MITRE's order. */
  readonly tactics: readonly string[];
  /** MITRE has taken it out; `by` is what stands for it now, where there is one. null: it is in use. */
  readonly retired: { readonly by: string | null } | null;
}

interface GivenTechnique {
  readonly name: string;
  readonly tactics: readonly string[];
  readonly retired?: { readonly by: string | null };
}

const GIVEN: Readonly<Record<string, GivenTechnique>> = data.techniques;

/** The release that schemas/attack.json was made of, and MITRE's notice, which goes with every copy. */
export const ATTACK_RELEASE = Object.freeze({ version: data.version, date: data.date, notice: data.notice });

/** In the order of the matrix. */
export const TACTICS: readonly Tactic[] = Object.freeze(data.tactics);

const ELSEWHERE: ReadonlySet<string> = new Set([...data.elsewhere.mobile, ...data.elsewhere.ics]);
const NEWEST = Math.max(...Object.keys(GIVEN).map(numberOf));

/** null where the enterprise matrix never had it. */
export function techniqueById(id: string): Technique | null {
  const given = Object.hasOwn(GIVEN, id) ? GIVEN[id] : undefined;
  return given ? { id, name: given.name, tactics: given.tactics, retired: given.retired ?? null } : null;
}

/** Every technique of the enterprise matrix that is in use, by id. */
export function techniquesInUse(): readonly Technique[] {
  return Object.keys(GIVEN).flatMap((id) => {
    const technique = techniqueById(id);
    return technique?.retired === null ? [technique] : [];
  });
}

/** Whether the mobile or the industrial matrix has an id. */
export function isOfOtherMatrix(id: string): boolean {
  return ELSEWHERE.has(id);
}

/** Whether a technique's number is above all that our release has: a newer release may have it. */
export function mayBeNewer(id: string): boolean {
  return numberOf(id) > NEWEST;
}

/** Ids of the tactics that a rule's list of ids stands for: those it names, and those of its techniques. */
export function tacticsOf(attack: readonly string[]): ReadonlySet<string> {
  return new Set(attack.flatMap((id) => (id.startsWith('TA') ? [id] : (techniqueById(id)?.tactics ?? []))));
}

/** The id of a tactic by its id or name in any spelling (`TA0008`, `lateral-movement`, `LateralMovement`); null: there is none. */
export function tacticId(name: string): string | null {
  const wanted = bare(name);
  return TACTICS.find(({ id, short }) => bare(id) === wanted || bare(short) === wanted)?.id ?? null;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function numberOf(id: string): number {
  return Number(id.slice(1, 5));
}
