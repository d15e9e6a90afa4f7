import type { Alert } from '../../alerts/alert.ts';
import { type Facts, factsOf, rowFacts } from '../mapping/facts.ts';
import { MAPPING, type RowTraits } from '../mapping/mapping.ts';
import { type Draft, draftNested } from '../mapping/nested.ts';
import {
  fileOfProcess,
  isDraft,
  validCall,
  validDevice,
  validEndpoint,
  validFile,
  validMail,
  validProcess,
  validUrl,
  validUser,
  withoutNothing,
} from './valid-objects.ts';

const INBOUND = 1;
const OUTBOUND = 2;
const UNKNOWN = 0;

/** What an alert is about: its entities with the first row, as an item of `evidences`. */
export function subjectOf(alert: Alert): Draft {
  return evidenceOf(factsOf(alert));
}

/** An item for each row, the row itself in `data`; one for the entities where there are no rows. */
export function evidencesOf(alert: Alert, subject: Draft): readonly Draft[] {
  if (alert.evidence.length === 0) return Object.keys(subject).length > 0 && hasEvidence(subject) ? [subject] : [];
  return alert.evidence.map((row, index) => ({
    ...(index === 0 ? subject : evidenceOf(rowFacts(row, alert.entities))),
    data: row,
  }));
}

/** What OCSF does not count as evidence by itself. */
const NOT_ALONE = ['uid', 'http_request', 'resources'];

function hasEvidence(item: Draft): boolean {
  return Object.keys(item).some((key) => !NOT_ALONE.includes(key));
}

function evidenceOf(facts: Facts): Draft {
  const { document, place } = draftNested();
  for (const [line, { ocsf, part, read }] of MAPPING.entries()) {
    const value = facts.values[line];
    if (ocsf !== null && !read && value !== null && value !== undefined) place(ocsf, value, part);
  }
  return validEvidence(document, facts.traits);
}

function validEvidence(draft: Draft, { ofProcess, inbound }: RowTraits): Draft {
  const ends = { src_endpoint: validEndpoint(draft.src_endpoint), dst_endpoint: validEndpoint(draft.dst_endpoint) };
  return withoutNothing({
    uid: draft.uid,
    device: validDevice(draft.device),
    actor: actorOf(draft, ofProcess),
    user: validUser(draft.user),
    process: validProcess(draft.process),
    file: validFile(draft.file) ?? fileWithoutProcess(draft.process),
    ...ends,
    connection_info: connectionOf(draft.connection_info, ends, inbound),
    url: validUrl(draft.url),
    email: validMail(draft.email),
    ...registryOf(draft.reg_key, draft.reg_value),
    api: validCall(draft.api),
    http_request: draft.http_request,
    resources: resourcesIn(draft['resources[]']),
  });
}

/** What was acted on; it needs a name or an id. */
function resourcesIn(draft: unknown): readonly Draft[] | null {
  return isDraft(draft) && (draft.name !== undefined || draft.uid !== undefined) ? [draft] : null;
}

/** A process without an id is told as its file. */
function fileWithoutProcess(process: unknown): Draft | null {
  return validProcess(process) === null ? fileOfProcess(process) : null;
}

/** Who did it: the account that initiated, and the process that did. */
function actorOf({ actor, process }: Draft, ofProcess: boolean): Draft | null {
  const parent = isDraft(process) ? process.parent_process : null;
  const found = withoutNothing({
    user: validUser(isDraft(actor) ? actor.user : null),
    process: validProcess(ofProcess ? parent : process),
  });
  return Object.keys(found).length > 0 ? found : null;
}

/** Where both ends are known the direction is, too. OCSF writes protocols in lower case. */
function connectionOf(draft: unknown, ends: Readonly<Record<string, Draft | null>>, inbound: boolean): Draft | null {
  const protocol = isDraft(draft) ? draft.protocol_name : undefined;
  const hasBoth = Object.values(ends).every((end) => end !== null);
  if (protocol === undefined && !hasBoth) return null;
  const known = inbound ? INBOUND : OUTBOUND;
  return {
    direction_id: hasBoth ? known : UNKNOWN,
    ...(protocol !== undefined && { protocol_name: String(protocol).toLowerCase() }),
  };
}

function registryOf(key: unknown, value: unknown): Draft {
  const path = isDraft(key) ? key.path : undefined;
  const named = isDraft(value) && value.name !== undefined && path !== undefined;
  return { reg_key: path === undefined ? null : key, reg_value: named ? { ...value, path } : null };
}
