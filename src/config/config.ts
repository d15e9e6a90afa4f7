import type { AlertLinker } from '../alerts/alert-link.ts';
import type { Matcher } from '../alerts/matchers.ts';
import type { Silence } from '../alerts/silences.ts';
import type { Problem } from '../lib/errors.ts';
import type { LogLevel } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';
import type { CheckSeverities } from '../rules/lint/lint-rules.ts';
import type { Redaction } from '../rules/rule.ts';

/** Settings of a plugin as its schema describes them: defaults filled, secrets wrapped, paths absolute, frozen. */
export type Settings = Readonly<Record<string, unknown>>;

export interface TenantConfig {
  readonly name: string;
  readonly source: Settings & { readonly api: string };
  /** null where the source asks nobody (`local`). */
  readonly auth: Settings | null;
  /** Absolute paths of rule files and folders. */
  readonly rules: readonly string[];
  /** Left out: it can be asked as it is configured. */
  readonly blocked?: TenantBlock;
}

/** A tenant that cannot be asked as it is configured: `source` and `auth` say nothing then. */
export interface TenantBlock {
  readonly problems: readonly Problem[];
  /** Reads its sections again as the configuration had them, files of secrets as they are now; throws while anything is wrong. */
  readonly again: () => TenantConfig;
}

export type TargetConfig = Settings & { readonly type: string };

/** How alerts reach a target. */
export interface WayConfig {
  /** They go out together, so often at most. */
  readonly digestMs?: number;
  /** Where they go, one after another, while they fire and nobody acknowledges them. */
  readonly escalation?: { readonly everyMs: number; readonly targets: readonly string[] };
}

/** Where alerts go that all of its matchers hold for, and how. */
export interface RouteConfig extends WayConfig {
  readonly match: readonly Matcher[];
  readonly targets: readonly string[];
  readonly continue: boolean;
}

/** As it was written, beside what it does. */
export interface SilenceConfig extends Silence {
  /** Epoch ms; null: it says none, or it is maintenance. */
  readonly starts: number | null;
  /** Epoch ms; null: it is maintenance. */
  readonly ends: number | null;
}

/** Who gets a target's alerts, too, once it has taken none for so long. */
export interface FallbackConfig {
  readonly target: string;
  readonly afterMs: number;
}

/** `auto`: text on a terminal, else JSON. */
export const LOG_FORMATS = ['auto', 'json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Where a process listens for HTTP. */
export interface HttpConfig {
  /** As URL writes it. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly basePath: string;
  /** Whether there are pages for people. */
  readonly console?: boolean;
  /** Who has people sign in for these; left out: they do it with a token. */
  readonly login?: {
    readonly header: string;
    readonly from: readonly string[];
    readonly scopes: readonly ('read' | 'run' | 'write')[];
  };
  /** Over what queries may be tried there; left out: over nothing. */
  readonly query?: { readonly data: readonly string[]; readonly tenant: boolean };
  readonly tokens: readonly {
    readonly name: string;
    readonly token: Secret;
    readonly scopes: readonly ('read' | 'run' | 'write')[];
  }[];
}

/** Lengths that windows are made with, in ms; null: the default holds. */
export interface WindowsConfig {
  readonly settleMs: number | null;
  readonly latenessMs: number | null;
  readonly delayMs: Readonly<Record<'ingestion' | 'event', number | null>>;
  readonly overlapMs: number | null;
  /** Of tables that are named. */
  readonly overlapByTable: Readonly<Record<string, number>>;
}

/** One configuration file, frozen. */
export interface Config {
  /** Absolute. */
  readonly file: string;
  readonly tenants: readonly TenantConfig[];
  readonly targets: ReadonlyMap<string, TargetConfig>;
  /** By target; no circles. */
  readonly fallbacks: ReadonlyMap<string, FallbackConfig>;
  /** By target how detections reach it where the route that names it says nothing of that, or none does. */
  readonly targetWays: ReadonlyMap<string, WayConfig>;
  readonly defaultTargets: readonly string[];
  /** In their order; the first that matches decides. */
  readonly routes: readonly RouteConfig[];
  /** Where health alerts go: the default targets unless `health.targets` says otherwise. */
  readonly healthTargets: readonly string[];
  /** `health.targets` is not given: they take the routes as any alert does. */
  readonly healthByRoutes: boolean;
  /** Absolute paths of overlay files and folders. */
  readonly overlays: readonly string[];
  /** Absolute paths of files and folders with saved functions. */
  readonly functions: readonly string[];
  /** Absolute paths of schema files; one that ends in `sentinel` is the one that is shipped. */
  readonly schemas?: readonly string[];
  /** By alias the absolute path of each list. */
  readonly watchlists: Readonly<Record<string, string>>;
  /** Silences, then maintenance, in their order. */
  readonly silences: readonly SilenceConfig[];
  /** Where people see more of an alert; null: nobody said. */
  readonly links: { readonly alert: AlertLinker | null };
  /** What no alert shows; null: nothing is kept from alerts. */
  readonly redact: (Redaction & { readonly key: Secret | null }) | null;
  /** null: nobody said how windows are made. */
  readonly windows: WindowsConfig | null;
  /** null: nothing listens. */
  readonly http: HttpConfig | null;
  /** Where what happens is written; null: nowhere. */
  readonly events: { readonly path: string | null; readonly target: string | null } | null;
  /** Where figures are pushed to; null: nowhere. */
  readonly metrics: {
    readonly url: string;
    readonly headers: Readonly<Record<string, Secret>>;
    readonly everyMs: number;
  } | null;
  /** A sign of life, how often and for which target; null: none. */
  readonly heartbeat: { readonly everyMs: number; readonly target: string } | null;
  readonly state: { readonly path: string; readonly overNetwork?: boolean } | { readonly url: Secret };
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly lint: { readonly checks: CheckSeverities };
  /** Whether a process that runs reads its files again when one has changed. */
  readonly watch: boolean;
  /** How long the state keeps what is over. */
  readonly retention: {
    readonly alertsMs: number;
    readonly runsMs: number;
    readonly deadLettersMs: number;
    readonly auditMs: number;
  };
  /** By section of the file, those that it has: the same as long as nothing in it has changed. */
  readonly digests: Readonly<Record<string, string>>;
}
