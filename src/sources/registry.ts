import type { Plugin } from '../lib/plugin.ts';
import type { ApiTraits } from './api-traits.ts';
import * as graph from './graph.ts';
import * as kusto from './kusto.ts';
import * as lake from './lake.ts';
import * as local from './local.ts';
import * as loganalytics from './loganalytics.ts';
import * as mde from './mde.ts';
import type { Source, SourceDeps } from './source.ts';
import * as xdr from './xdr.ts';

type SourcePlugin = Plugin<unknown, SourceDeps, Source> & { readonly traits?: ApiTraits };

const ALL: readonly SourcePlugin[] = [graph, xdr, mde, loganalytics, kusto, lake, local];

/** Every source by its `api` in the configuration; config validates with its schema before `create` is called. */
export const SOURCES: ReadonlyMap<string, Plugin<unknown, SourceDeps, Source>> = new Map(
  ALL.map((one) => [one.name, one]),
);

/** What differs between APIs that are asked over HTTP; null: it is none of them. */
export function traitsOfApi(api: string): ApiTraits | null {
  return ALL.find(({ name }) => name === api)?.traits ?? null;
}

/** What a source of that API can tell of when rows came; null: as the hunting APIs. */
export function arrivalOfApi(api: string): ApiTraits['arrival'] | null {
  return traitsOfApi(api)?.arrival ?? null;
}
