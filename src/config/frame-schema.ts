import type { PluginSchema } from '../lib/plugin.ts';
import { LINT_SEVERITIES } from '../rules/lint/check.ts';
import { LINT_CHECKS } from '../rules/lint/registry.ts';
import { ALERT_SECTIONS } from './alert-sections.ts';
import { LOG_FORMATS } from './config.ts';
import { digestSchema, escalateSchema, targetNames } from './detour-schema.ts';
import { HEALTH_SECTIONS } from './health-sections.ts';
import { HTTP_SECTION } from './http-section.ts';
import { NAME, NAME_HINT, name } from './name-schema.ts';
import { METRICS_SECTION } from './operation/metrics-push.ts';
import { OPERATION_SECTIONS } from './operation/retention.ts';
import { WINDOWS_SECTION } from './windows-section.ts';

export interface FrameParts {
  readonly source: PluginSchema;
  readonly auth: PluginSchema;
  readonly target: PluginSchema;
}

const ALIAS = '^[^"\'\\\\\\r\\n]{1,128}$';

const path = { type: 'string', minLength: 1, 'x-path': true };
const rules = { type: 'array', items: path };

const routes = {
  description: 'Which targets alerts take whose rule names none; the first route that matches decides.',
  type: 'array',
  maxItems: 500,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['match', 'targets'],
    properties: {
      match: {
        type: 'array',
        maxItems: 50,
        items: { type: 'string', minLength: 1, maxLength: 2000 },
        description: 'Matchers, such as severity=~"high|critical"; all must hold. None: everything matches.',
      },
      targets: { ...targetNames, minItems: 1, description: 'Names of targets.' },
      continue: { type: 'boolean', default: false, description: 'Whether the routes behind it are looked at, too.' },
      digest: digestSchema,
      escalate: escalateSchema,
    },
  },
};

const health = {
  description: 'Alerts about Huntwire itself.',
  type: 'object',
  additionalProperties: false,
  properties: {
    targets: { ...targetNames, description: 'Where they go; default: by the routes, else defaultTargets.' },
  },
};

const state = {
  description: 'Where the state is kept between runs: in a SQLite file, or in a Postgres database.',
  type: 'object',
  additionalProperties: false,
  properties: {
    path: { ...path, description: 'SQLite file; its lock lies beside it. Default: data/huntwire.db.' },
    overNetwork: {
      type: 'boolean',
      default: false,
      description:
        'Whether the file may lie on a file system over a network; true vouches that no other machine runs on it.',
    },
    url: {
      type: 'string',
      pattern: '^postgres(?:ql)?://',
      format: 'password',
      'x-hint': 'write postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      description: 'Postgres database that several machines can reach, instead of a file; handled as a secret.',
    },
  },
};

const log = {
  description: 'What is logged on stderr.',
  type: 'object',
  additionalProperties: false,
  properties: {
    level: { enum: ['error', 'warn', 'info', 'debug'], default: 'info', description: 'The least that is logged.' },
    format: {
      enum: LOG_FORMATS,
      default: 'auto',
      description: 'json: one object a line; text: for people; auto: text on a terminal, else json.',
    },
  },
};

const lint = {
  description: 'How strict huntwire lint is.',
  type: 'object',
  additionalProperties: false,
  properties: {
    checks: {
      description: 'How severe the findings of a check are, by its name.',
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: Object.fromEntries(
        LINT_CHECKS.map(({ id, description }) => [id, { enum: ['off', ...LINT_SEVERITIES], description }]),
      ),
    },
  },
};

/** What queries may use beside their own text. */
const library = {
  functions: {
    ...rules,
    description: 'Files and folders with saved functions; a query that uses one is sent with it in front.',
  },
  schemas: {
    ...rules,
    description:
      'Schema files with tables beside those of Defender, as schema pull writes them; sentinel: those of Sentinel.',
  },
  watchlists: {
    description: "By the alias that _GetWatchlist('alias') asks for, the CSV file of a list.",
    type: 'object',
    propertyNames: { pattern: ALIAS, 'x-hint': 'a text without quotes, at most 128 characters' },
    additionalProperties: path,
  },
};

/** The configuration around the plugins' own sections, which are given. */
export function frameSchema({ source, auth, target }: FrameParts): PluginSchema {
  const tenant = {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'source'],
    properties: {
      name: { ...name, description: 'Name of the tenant; alert ids depend on it.' },
      source,
      auth,
      rules: { ...rules, description: 'Rule files and folders of this tenant; default: the ones at the top.' },
    },
  };
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      tenants: {
        type: 'array',
        minItems: 1,
        items: tenant,
        description: 'Several tenants; else source and auth at the top.',
      },
      source,
      auth,
      rules: { ...rules, description: 'Rule files and folders, relative to this file.' },
      overlays: { ...rules, description: 'Overlay files and folders: what is laid over rules, in this order.' },
      ...library,
      targets: {
        description: 'Where alerts go, by name.',
        type: 'object',
        propertyNames: { pattern: NAME, 'x-hint': NAME_HINT },
        additionalProperties: target,
      },
      defaultTargets: { ...targetNames, description: 'Targets of rules that name none, where no route matches.' },
      routes,
      ...ALERT_SECTIONS,
      health,
      ...HEALTH_SECTIONS,
      ...WINDOWS_SECTION,
      ...HTTP_SECTION,
      ...OPERATION_SECTIONS,
      ...METRICS_SECTION,
      state,
      log,
      lint,
    },
  };
}
