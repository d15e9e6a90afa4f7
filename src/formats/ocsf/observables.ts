import type { Alert, Observable } from '../../alerts/alert.ts';
import type { Draft } from '../mapping/nested.ts';
import { withoutNothing } from './valid-objects.ts';

const OTHER = 99;

interface Kind {
  readonly id: number;
  readonly caption: string;
  /** Where such a value may stand, the likeliest first. */
  readonly paths: readonly string[];
}

const PROCESSES = ['evidences.process', 'evidences.process.parent_process', 'evidences.actor.process'];
const USERS = ['evidences.user', 'evidences.actor.user'];
const FILES = ['evidences.file', ...PROCESSES.map((path) => `${path}.file`)];
const HASH = kind(8, 'Hash', below(FILES, 'hashes.value'));

const KINDS: Readonly<Record<string, Kind>> = {
  hostname: kind(1, 'Hostname', [
    'device.hostname',
    'evidences.dst_endpoint.hostname',
    'evidences.src_endpoint.hostname',
  ]),
  user: kind(4, 'User Name', below(USERS, 'name')),
  upn: kind(4, 'User Name', [...below(USERS, 'email_addr'), ...below(USERS, 'name')]),
  'file-name': kind(7, 'File Name', below(FILES, 'name')),
  'file-path': kind(45, 'File Path', below(FILES, 'path')),
  sha256: HASH,
  sha1: HASH,
  md5: HASH,
  'process-name': kind(9, 'Process Name', [...below(PROCESSES, 'name'), 'evidences.file.name']),
  'command-line': kind(13, 'Command Line', below(PROCESSES, 'cmd_line')),
  ip: kind(2, 'IP Address', ['evidences.src_endpoint.ip', 'evidences.dst_endpoint.ip', 'device.ip']),
  url: kind(6, 'URL String', ['evidences.url.url_string', 'evidences.file.url.url_string']),
  'mail-address': kind(5, 'Email Address', ['evidences.email.from', 'evidences.email.to']),
  'registry-key': kind(28, 'Registry Key', ['evidences.reg_key.path']),
  sid: kind(OTHER, 'sid', below(USERS, 'uid')),
  'mail-id': kind(OTHER, 'mail-id', ['evidences.email.uid']),
  'app-id': kind(OTHER, 'app-id', ['evidences.api.service.uid']),
  'app-name': kind(OTHER, 'app-name', ['evidences.api.service.name']),
};

/** What is worth a search, each with the attribute of the document that has the value; without a name where none has. */
export function observablesWithin({ observables }: Alert, document: Draft): readonly Draft[] {
  const found = new Map<string, ReadonlySet<string>>();
  const has = (path: string, value: string): boolean => {
    const texts = found.get(path) ?? new Set(textsAt(document, path.split('.')));
    found.set(path, texts);
    return texts.has(value.toLowerCase());
  };
  return observables.map((one) => observableOf(one, has));
}

function observableOf({ type, value }: Observable, has: (path: string, value: string) => boolean): Draft {
  const { id, caption, paths } = KINDS[type] ?? kind(OTHER, type, []);
  return withoutNothing({ name: paths.find((path) => has(path, value)), type_id: id, type: caption, value });
}

/** Texts at a path, through lists, in lower case. */
function textsAt(value: unknown, steps: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsAt(item, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return typeof value === 'string' ? [value.toLowerCase()] : [];
  return typeof value === 'object' && value !== null ? textsAt((value as Draft)[step], rest) : [];
}

function kind(id: number, caption: string, paths: readonly string[]): Kind {
  return { id, caption, paths };
}

function below(objects: readonly string[], attribute: string): readonly string[] {
  return objects.map((path) => `${path}.${attribute}`);
}
