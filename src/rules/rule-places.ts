import { dirname, extname } from 'node:path';

/** Where rules lie, and what is laid over them. */
export interface RulePlaces {
  /** Rule files and folders. */
  readonly paths: readonly string[];
  /** Overlay files and folders, in their order. */
  readonly overlays: readonly string[];
  /** Rule files and folders of the whole set: from there on down each `defaults.yaml` counts, also where `paths` names less. */
  readonly roots: readonly string[];
  /** Files and folders with saved functions that the rules may use; left out: none. */
  readonly functions?: readonly string[];
  /** By alias the file of each list that the rules may ask for; left out: none. */
  readonly watchlists?: Readonly<Record<string, string>>;
  /** What globs of overlays are relative to; empty: the root of the file system. */
  readonly folder: string;
}

/** `defaults.yaml` is laid over the rules of its folder and those below, and is no rule. */
export const DEFAULTS_FILE = 'defaults.yaml';

/** Paths alone are a whole set without overlays. */
export function toRulePlaces(given: readonly string[] | RulePlaces): RulePlaces {
  return 'paths' in given ? given : { paths: given, overlays: [], roots: given, folder: '' };
}

/** What a path of rules is a folder of, by its name: the folder itself, or the one that its file lies in. */
export function folderOfPath(path: string): string {
  return ['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase()) ? dirname(path) : path;
}
