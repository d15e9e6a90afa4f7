import type { Alert } from '../../alerts/alert.ts';

/** A number of OCSF with its caption. */
export interface Captioned {
  readonly id: number;
  readonly caption: string;
}

export const OCSF_SEVERITIES: Readonly<Record<Alert['severity'], Captioned>> = {
  informational: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

/** The first firing creates a finding, later revisions update it, a resolve closes it. */
export function activityOf({ status, revision }: Alert): Captioned {
  if (status === 'resolved') return { id: 3, caption: 'Close' };
  return revision === 0 ? { id: 1, caption: 'Create' } : { id: 2, caption: 'Update' };
}

export function statusOf({ status }: Alert): Captioned {
  return status === 'resolved' ? { id: 4, caption: 'Resolved' } : { id: 1, caption: 'New' };
}

const OTHER = 99;

const OBSERVABLE_TYPES: Readonly<Record<string, Captioned & { readonly path: string }>> = {
  hostname: { id: 1, caption: 'Hostname', path: 'device.hostname' },
  user: { id: 4, caption: 'User Name', path: 'evidences.user.name' },
  upn: { id: 4, caption: 'User Name', path: 'evidences.user.email_addr' },
  'file-name': { id: 7, caption: 'File Name', path: 'evidences.file.name' },
  'file-path': { id: 45, caption: 'File Path', path: 'evidences.file.path' },
  sha256: { id: 8, caption: 'Hash', path: 'evidences.file.hashes.value' },
  sha1: { id: 8, caption: 'Hash', path: 'evidences.file.hashes.value' },
  md5: { id: 8, caption: 'Hash', path: 'evidences.file.hashes.value' },
  'process-name': { id: 9, caption: 'Process Name', path: 'evidences.process.name' },
  'command-line': { id: 13, caption: 'Command Line', path: 'evidences.process.cmd_line' },
  ip: { id: 2, caption: 'IP Address', path: 'evidences.src_endpoint.ip' },
  url: { id: 6, caption: 'URL String', path: 'evidences.url.url_string' },
  'mail-address': { id: 5, caption: 'Email Address', path: 'evidences.email.from' },
  'registry-key': { id: 28, caption: 'Registry Key', path: 'evidences.reg_key.path' },
};

export function observableOf({ type, value }: Alert['observables'][number]): Readonly<Record<string, unknown>> {
  const known = OBSERVABLE_TYPES[type];
  if (!known) return { name: type, type_id: OTHER, type, value };
  return { name: known.path, type_id: known.id, type: known.caption, value };
}

const PLATFORMS: readonly (readonly [RegExp, number])[] = [
  [/^windows/i, 100],
  [/^android/i, 201],
  [/^(?:ios|ipados)/i, 301],
  [/^mac/i, 300],
  [/linux|ubuntu|debian|centos|redhat|rhel|suse|fedora/i, 200],
];

/** `os.type_id` of an `OSPlatform` (Windows11, Linux, macOS, iOS, …). */
export function osTypeOf(platform: string): number {
  return PLATFORMS.find(([pattern]) => pattern.test(platform))?.[1] ?? 0;
}

const DEVICE_TYPES: readonly (readonly [RegExp, number])[] = [
  [/server/i, 1],
  [/laptop/i, 3],
  [/workstation|desktop/i, 2],
  [/mobile|phone/i, 5],
];

export function deviceTypeOf(type: unknown): number {
  return typeof type === 'string' ? (DEVICE_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 0) : 0;
}
