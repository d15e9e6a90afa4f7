/**
 * The public API: everything a program may import from `huntwire`. What is not here may change without notice.
 * Time, logs and signals are arguments everywhere; nothing reads the environment or exits the process.
 * Failures are HuntwireErrors with a code of a closed list (docs/errors.md).
 */

// Alerts: the documents that reach targets; schemas/alert.schema.json is their contract.
export {
  type Alert,
  type AlertEntity,
  HEALTH_CODES,
  type HealthCode,
  messageId,
  type Observable,
  SUPPRESSION_REASONS,
  type SuppressedCounts,
  type SuppressionReason,
} from './alerts/alert.ts';
export { validateAlert } from './alerts/map/validate-alert.ts';

// The application: opens state, sources and targets of a configuration; runOnce, runSchedule and app.deliveries do the work.
export type { Host } from './app/host.ts';
export { openSource, openTarget } from './app/open-parts.ts';
export { type App, openApp } from './app.ts';

// Configuration: `loadConfig(file, {registries: {sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema}, env, readFile, secretFiles})`.
export type { Config, TargetConfig, TenantConfig } from './config/config.ts';
export { documentSchema } from './config/config-schema.ts';
export { type HostSchema, hostSchema } from './config/host-schema.ts';
export { loadConfig } from './config/load-config.ts';
export type { ConfigInputs } from './config/reading.ts';
export type { Registries } from './config/registries.ts';
export type { SecretFiles } from './config/secret-file.ts';
export { createSecretsOf } from './config/secrets-of.ts';
export type { Branch } from './engine/branches.ts';
export { DEFAULT_LIMITS, type Limits } from './engine/budget.ts';
export { type DataFolder, type DataOptions, openDataFolder } from './engine/data/folder.ts';
export { type RawRow, rowTable } from './engine/data/row-table.ts';
export type { EngineFiles, GivenTable } from './engine/engine-tables.ts';
export type { FixtureRow, Fixtures } from './engine/fixtures.ts';
export { createKqlEngine, type EngineOptions, type KqlEngine } from './engine/kql-engine.ts';
export type { KqlResult, ResultRow } from './engine/result.ts';
export { INGESTED, type LazyTable, type TableSource } from './engine/table-data.ts';
export type { TraceStep } from './engine/trace.ts';
export type { Format, FormatOptions, NamedFormat, Payload } from './formats/format.ts';
export { FORMATS } from './formats/registry.ts';
// KQL: preparation of queries for windows, and the engine that runs them over local events.
export { type AnalystOptions, createAnalyst } from './kql/analyst.ts';
export { defenderSchema } from './kql/defender.ts';
export type { KqlSchema } from './kql/parser/globals.ts';
export type { Analyst, PreparedQuery, QueryFinding, Shape } from './kql/prepared.ts';
export type { Column, ScalarType } from './kql/types.ts';
export type { TimeRange, Window, WindowBasis } from './kql/window.ts';
// What everything above takes and throws.
export { type Cache, createMemoryCache } from './lib/cache.ts';
export type { CheckResult } from './lib/check-result.ts';
export { type Clock, createFastClock, systemClock } from './lib/clock.ts';
export { ERROR_CODES, type ErrorCode, HuntwireError, type Problem, toHuntwireError } from './lib/errors.ts';
export { type Log, type LogLevel, silentLog } from './lib/log.ts';
export { Secret } from './lib/secret.ts';
export { createLog, type LogOptions } from './observe/log.ts';
export type { DeliveryLoop, DrainCounts, DrainOptions } from './outbox/delivery-loop.ts';
// Rules: files to rules, their queries analyzed, checked and tested.
export type { LintFinding, LintSeverity, LintSubject } from './rules/lint/check.ts';
export { type LintSettings, lintRules } from './rules/lint/lint-rules.ts';
export { type LoadedRules, loadRules, parseRules } from './rules/load-rules.ts';
export { type PreparedRules, prepareRules, refuseProblems } from './rules/prepare-rules.ts';
export {
  ENTITY_TYPES,
  type EntityType,
  type Rule,
  type RuleTest,
  type RunnableRule,
  SEVERITIES,
  type Severity,
} from './rules/rule.ts';
export { DEFAULT_RETENTION_MS } from './rules/shape.ts';
export { type OnceOptions, runOnce } from './run/once.ts';
export type { RunReport } from './run/run-rule.ts';
export { runSchedule } from './run/scheduler.ts';
export type { RunDeps, Tenant } from './run/tenant.ts';
export { authSchema } from './sources/auth/auth-config.ts';
export { SOURCES } from './sources/registry.ts';
export type { ApiName, Cell, Row, Source } from './sources/source.ts';
export type { RunOutcome, RunRecord } from './state/run-record.ts';
// State: in memory for tests, in a SQLite file, or to read beside a running process.
export { openMemoryStore, openReader, openSqliteStore } from './state/sqlite-store.ts';
export type { Store, StoreReader } from './state/store.ts';
export { TARGETS } from './targets/registry.ts';
export type { Delivery, DeliveryResult, Target } from './targets/target.ts';
// Runs: one turn of every rule, the schedule until a signal, and rule tests.
export type { Difference } from './trial/match-alerts.ts';
export { type RuleTestResult, type TestDeps, testRule } from './trial/test-rule.ts';
