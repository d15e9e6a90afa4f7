import type { Alert, Disposition } from '../../alerts/alert.ts';

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

export function statusOf({ status, acknowledged }: Alert): Captioned {
  if (status === 'resolved') return { id: 4, caption: 'Resolved' };
  return acknowledged ? { id: 2, caption: 'In Progress' } : { id: 1, caption: 'New' };
}

/** What an alert turned out to be, by our words for it. */
const VERDICTS: Readonly<Record<Disposition, Captioned>> = {
  true: { id: 2, caption: 'True Positive' },
  false: { id: 1, caption: 'False Positive' },
  benign: { id: 5, caption: 'Benign' },
};

export function dispositionOf({ acknowledged }: Alert): Captioned | null {
  return acknowledged?.disposition ? VERDICTS[acknowledged.disposition] : null;
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
