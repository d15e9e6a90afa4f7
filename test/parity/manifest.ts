import type { Subject } from './check.ts';

/** manifest.json as far as the checks look at it. */
export interface Manifest {
  readonly actions: readonly ManifestAction[];
  readonly triggers: readonly ManifestAction[];
  readonly permissions: readonly { readonly api: string; readonly application: string; readonly delegated: string }[];
  readonly network: { readonly egress: readonly Egress[] };
}

interface Egress {
  readonly cloud: string;
  readonly host: string;
  readonly port: number;
  /** `login`, an API or `region`. */
  readonly for: string;
}

export interface ManifestAction {
  readonly slug: string;
  /** `huntwire`, the verb, what follows. */
  readonly command: readonly string[];
}

export function manifestOf({ tree }: Pick<Subject, 'tree'>): Manifest {
  return JSON.parse(tree.read('manifest.json') ?? '{}');
}
