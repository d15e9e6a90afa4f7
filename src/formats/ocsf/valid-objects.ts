import type { Draft } from '../mapping/nested.ts';
import { deviceTypeOf, osTypeOf } from './enums.ts';

/** Each of these makes an object that OCSF takes of what the mapping has placed; null where it lacks what the class requires. */
type MakeValid = (draft: unknown) => Draft | null;

const REGULAR_FILE = 1;
const ALGORITHMS = { sha256: [3, 'SHA-256'], sha1: [2, 'SHA-1'], md5: [1, 'MD5'] } as const;
/** What OCSF calls an e-mail address; no display names, no angle brackets. */
const MAIL_ADDRESS = /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~.]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9.-]+$/;
const LONGEST_IP = 40;

export const validFile: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const { name, hashes, url, ...rest } = draft;
  const known = name ?? lastPart(rest.path);
  if (known === undefined) return null;
  const list = fingerprintsOf(hashes);
  return {
    name: known,
    type_id: REGULAR_FILE,
    ...rest,
    ...(list.length > 0 && { hashes: list }),
    ...(url !== undefined && { url }),
  };
};

/** A process is known by its id only; without one its file is all that can be said, see `fileOfProcess`. */
export const validProcess: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const { file, parent_process: parent, ...own } = draft;
  if (own.pid === undefined && own.uid === undefined) return null;
  return withoutNothing({ ...own, file: fileOfProcess(draft), parent_process: validProcess(parent) });
};

export function fileOfProcess(draft: unknown): Draft | null {
  if (!isDraft(draft)) return null;
  return validFile(withoutNothing({ ...(isDraft(draft.file) ? draft.file : {}), name: draft.name }));
}

export const validUser: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const { name, email_addr: mail, ...rest } = draft;
  const user = withoutNothing({ ...rest, name: name ?? mail, email_addr: isAddress(mail) ? mail : undefined });
  return user.name === undefined && user.uid === undefined ? null : user;
};

export const validDevice: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const { os, ip, ...rest } = draft;
  const device = withoutNothing({ type_id: deviceTypeOf(rest.type), ...rest, ip: shortIp(ip), os: osOf(os) });
  return device.uid === undefined && device.hostname === undefined && device.ip === undefined ? null : device;
};

export const validEndpoint: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const endpoint = withoutNothing({ ...draft, ip: shortIp(draft.ip) });
  return endpoint.ip === undefined && endpoint.hostname === undefined ? null : endpoint;
};

export const validMail: MakeValid = (draft) => {
  if (!isDraft(draft)) return null;
  const { from, to, ...rest } = draft;
  const readers = Array.isArray(to) ? to.filter(isAddress) : [];
  if (!isAddress(from) && readers.length === 0) return null;
  return { ...(isAddress(from) && { from }), ...(readers.length > 0 && { to: readers }), ...rest };
};

export const validUrl: MakeValid = (draft) => (isDraft(draft) && draft.url_string !== undefined ? draft : null);

/** A call of a cloud application: what was done, and to which. */
export const validCall: MakeValid = (draft) =>
  isDraft(draft) && draft.operation !== undefined && isDraft(draft.service) ? draft : null;

export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function withoutNothing(draft: Draft): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined && value !== null));
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && MAIL_ADDRESS.test(value);
}

function shortIp(ip: unknown): string | undefined {
  return typeof ip === 'string' && ip.length <= LONGEST_IP ? ip : undefined;
}

function lastPart(path: unknown): string | undefined {
  return typeof path === 'string' ? path.split(/[\\/]/).findLast((part) => part !== '') : undefined;
}

function fingerprintsOf(hashes: unknown): readonly Draft[] {
  if (!isDraft(hashes)) return [];
  return Object.entries(ALGORITHMS).flatMap(([key, [id, algorithm]]) =>
    hashes[key] === undefined ? [] : [{ algorithm_id: id, algorithm, value: hashes[key] }],
  );
}

function osOf(os: unknown): Draft | null {
  return isDraft(os) && typeof os.name === 'string' ? { type_id: osTypeOf(os.name), ...os } : null;
}
