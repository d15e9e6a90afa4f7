import type { Plugin } from '../lib/plugin.ts';
import * as graph from './graph.ts';
import * as kusto from './kusto.ts';
import * as lake from './lake.ts';
import * as local from './local.ts';
import * as loganalytics from './loganalytics.ts';
import * as mde from './mde.ts';
import type { Source, SourceDeps } from './source.ts';
import * as xdr from './xdr.ts';

const ALL: readonly Plugin<unknown, SourceDeps, Source>[] = [graph, xdr, mde, loganalytics, kusto, lake, local];

/** Every source by its `api` in the configuration; config validates with its schema before `create` is called. */
export const SOURCES: ReadonlyMap<string, Plugin<unknown, SourceDeps, Source>> = new Map(
  ALL.map((one) => [one.name, one]),
);
