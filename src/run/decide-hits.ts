import { decide, dedupKeysToFind, keysToFind } from '../alerts/decide/decide.ts';
import type { DecideInput, Decision } from '../alerts/decide/decision.ts';
import { latestOfKeys } from '../alerts/decide/due-updates.ts';
import { timeOfHit } from '../alerts/decide/hidden-hits.ts';
import { withOldForms } from '../alerts/decide/old-forms.ts';
import { withoutRetold } from '../alerts/decide/retold.ts';
import type { Hit } from '../alerts/hit.ts';
import { createHitSubject } from '../alerts/map/hit-subject.ts';
import type { QuietMemory } from '../alerts/memory.ts';
import { redactorFor } from '../alerts/redaction.ts';
import { type Hider, hiderOf } from '../alerts/silences.ts';
import { isTruncated } from './ask.ts';
import { isPending } from './coverage/ledger.ts';
import type { WindowAnswer } from './query-window.ts';
import { changeBehind } from './rule-edits.ts';
import type { RunInput } from './run-input.ts';
import type { RunDeps } from './tenant.ts';

/** Looks up what is remembered of the run's rows and decides what is told. */
export async function decideHits(
  input: RunInput,
  answer: Extract<WindowAnswer, { kind: 'answered' }>,
  deps: Pick<RunDeps, 'store' | 'silences' | 'redaction'>,
): Promise<Decision> {
  const { tenant, rule, planned, edited } = input;
  const { asked, collected } = answer;
  const found = await deps.store.findKeys(tenant.name, rule.id, keysToFind(collected));
  const known = input.backfill ? withoutRetold(found, input.backfill.retold, windowOf(input)) : found;
  const quiet = await deps.store.findQuiet(tenant.name, rule.id, dedupKeysToFind(collected));
  return decide({
    rule,
    collected,
    known: withOldForms(known, collected),
    quiet: stillQuiet(quiet, edited.quietFrom),
    logicalTime: planned.logicalTime,
    window: planned.asked,
    reachesBackTo: reachesBackTo(input),
    changedAt: changeBehind(edited.changedAt, planned.asked?.from ?? null),
    truncated: isTruncated(asked),
    ...(await taken(input, deps)),
    ...(collected.hits.length > 0 && (await hiding(input, deps))),
  });
}

/** What somebody works on is told again when its severity rises, and when it is over. */
async function taken(
  { tenant, rule }: RunInput,
  { store }: Pick<RunDeps, 'store'>,
): Promise<Pick<DecideInput, 'takenKeys'>> {
  if (!rule.alert.updates) return {};
  const latest = latestOfKeys(await store.firingOf(tenant.name, rule.id));
  return { takenKeys: new Set([...latest].flatMap(([key, { acknowledged }]) => (acknowledged ? [key] : []))) };
}

function windowOf({ rule, planned }: RunInput): Parameters<typeof withoutRetold>[2] {
  const end = planned.logicalTime;
  return { isSet: rule.effectiveShape === 'set', from: planned.asked?.from ?? end, end };
}

/** Read as late as it can be: what a person adds while a query runs holds for its hits. */
async function hiding(
  { tenant, rule, planned }: RunInput,
  { silences: read, redaction }: Pick<RunDeps, 'silences' | 'redaction'>,
): Promise<Pick<DecideInput, 'hiderOf'>> {
  const silences = (await read?.()) ?? [];
  if (silences.length === 0) return {};
  const subjectOf = createHitSubject(tenant.name, rule, redactorFor(rule, redaction));
  return {
    hiderOf: (hit: Hit): Hider | null =>
      hiderOf(
        silences,
        timeOfHit(hit, planned.logicalTime),
        once(() => subjectOf(hit)),
      ),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The earliest instant that this window or one that waits is asked for; null for a snapshot. */
export function reachesBackTo({ planned, edited }: RunInput): number | null {
  if (planned.asked === null) return null;
  const pending = edited.coverage.ledger.filter(isPending);
  return Math.min(planned.asked.from, ...pending.map((entry) => entry.from));
}

/** Quiet times opened before a rule left testing are over. */
function stillQuiet(quiet: ReadonlyMap<string, QuietMemory>, from: number | null): ReadonlyMap<string, QuietMemory> {
  if (from === null) return quiet;
  const left = [...quiet].filter(([, { openedAt, endedAt }]) => openedAt >= from || endedAt !== undefined);
  return new Map(
    left.map(([key, memory]) => [key, { ...memory, openedBefore: memory.openedBefore.filter((time) => time >= from) }]),
  );
}
