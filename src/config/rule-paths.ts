import { dirname, join, sep } from 'node:path';
import type { RulePlaces } from '../rules/rule-places.ts';
import type { Config, TenantConfig } from './config.ts';

/** Where the rules of a configuration lie, all tenants' unless `paths` names others, and what is laid over them. */
export function rulePlacesOf(
  config: Pick<Config, 'file' | 'tenants' | 'overlays' | 'functions' | 'watchlists'>,
  paths?: readonly string[],
): RulePlaces {
  const roots = [...new Set(config.tenants.flatMap((tenant) => tenant.rules))];
  const { overlays, functions, watchlists, file } = config;
  return { paths: paths ?? roots, overlays, functions, watchlists, roots, folder: dirname(file) };
}

/** Whether a tenant runs the rules of a file: it is named, or lies below a folder that is. */
export function holdsRules(tenant: Pick<TenantConfig, 'rules'>, file: string): boolean {
  return tenant.rules.some((path) => file === path || file.startsWith(join(path, sep)));
}
