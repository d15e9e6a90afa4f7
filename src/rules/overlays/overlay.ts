import type { Path, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import type { EntityMapping, Exception, Redaction, Rule, RuleStatus, Schedule, Severity } from '../rule.ts';

/** What an overlay is laid over: all fields that are given must hold, and of each any one of its values. null: it does not ask. */
export interface OverlayMatch {
  readonly ids: readonly string[] | null;
  readonly globs: readonly string[] | null;
  readonly tags: readonly string[] | null;
  /** Ids of tactics. */
  readonly tactics: readonly string[] | null;
  readonly severities: readonly Severity[] | null;
}

/** What an overlay says, as a rule has it. What it does not name is left out. */
export interface OverlaySet {
  readonly schedule?: Schedule;
  readonly window?: Rule['window'];
  readonly severity?: Severity;
  readonly status?: RuleStatus;
  readonly targets?: readonly string[];
  readonly exceptions?: readonly Exception[];
  readonly dedup?: readonly string[];
  /** Ms. */
  readonly suppress?: number;
  /** Ms, or never. */
  readonly resolveAfter?: Rule['alert']['resolveAfterMs'];
  readonly updates?: Rule['alert']['updates'];
  readonly entities?: readonly EntityMapping[];
  readonly details?: Rule['alert']['details'];
  readonly params?: Rule['params'];
  readonly redact?: Redaction;
  readonly previousIds?: readonly string[];
}

/** One entry of an overlay file, or a `defaults.yaml`. */
export interface RuleOverlay {
  readonly kind: 'entry' | 'defaults';
  readonly document: YamlDocument;
  /** Of the entry in its document; empty: the whole of it. */
  readonly entryPath: Path;
  /** Of what it sets. */
  readonly setPath: Path;
  readonly match: OverlayMatch;
  readonly set: OverlaySet;
}

/** What an overlay names and no rule has, and where. */
export interface UnmatchedOverlay {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion: string | null;
}

/** A file of which a rule did not load. */
export interface UnloadedFile {
  /** null: not even that is known. */
  readonly file: string | null;
  /** In which the ids of its rules stand as they are; null: they may be any. */
  readonly text: string | null;
}

export const UNKNOWN_FILE: UnloadedFile = Object.freeze({ file: null, text: null });
