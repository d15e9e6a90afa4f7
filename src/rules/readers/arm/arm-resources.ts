import type { Path } from '../../../lib/yaml/parse-yaml.ts';
import { isVendorObject, type VendorMap, vendorMap, vendorScalar } from '../vendor/vendor-map.ts';
import type { ArmScope } from './arm-expression.ts';

/** A resource of a template that may be a rule, with what its expressions can ask for. */
export interface ArmResource {
  readonly map: VendorMap;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Where the properties stand. */
  readonly path: Path;
  readonly scope: ArmScope;
}

const RULE_TYPE = /(?:^|\/)alertrule(?:template)?s$/i;
const SEARCH_TYPE = /(?:^|\/)savedsearches$/i;
const DEEPEST = 12;
const NO_SCOPE: ArmScope = { parameters: {}, variables: {} };

/** What a walk has found, and how many resources it passed. */
export interface ArmWalk {
  readonly rules: ArmResource[];
  /** Saved searches that other queries call by an alias. */
  readonly functions: ArmResource[];
  others: number;
}

/** The rules and hunting queries of a template, an export or a list of the API, however deep they are nested. */
export function armResources(value: unknown): ArmWalk {
  const walk: ArmWalk = { rules: [], functions: [], others: 0 };
  visit(walk, value, { path: [], scope: NO_SCOPE, depth: 0 });
  return walk;
}

interface Visit {
  readonly path: Path;
  readonly scope: ArmScope;
  readonly depth: number;
}

function visit(walk: ArmWalk, value: unknown, at: Visit): void {
  if (at.depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(walk, item, { ...at, path: [...at.path, index] });
    return;
  }
  if (!isVendorObject(value)) return;
  const map = vendorMap(value, at.path);
  const inner = { ...at, scope: scopeOf(map, at.scope), depth: at.depth + 1 };
  const isResource = typeof map.value('type') === 'string' || (map.has('kind') && map.has('properties'));
  if (isResource) addResource(walk, map, inner);
  for (const key of ['resources', 'value']) visitAll(walk, map, key, inner);
  for (const key of ['properties', 'template', 'mainTemplate']) {
    const child = map.value(key);
    if (isVendorObject(child) && !isRuleMap(map)) visit(walk, child, { ...inner, path: map.at(key) });
  }
}

/** A list, or since the second version of the language a map by symbolic names. */
function visitAll(walk: ArmWalk, map: VendorMap, key: string, at: Visit): void {
  const child = map.value(key);
  const path = map.at(key);
  if (Array.isArray(child)) visit(walk, child, { ...at, path });
  else if (isVendorObject(child) && key === 'resources')
    for (const [name, item] of Object.entries(child)) visit(walk, item, { ...at, path: [...path, name] });
}

function addResource(walk: ArmWalk, map: VendorMap, at: Visit): void {
  const properties = map.value('properties');
  const given = isVendorObject(properties) ? properties : {};
  const resource = { map, properties: given, path: map.at('properties'), scope: at.scope };
  if (isFunctionMap(map)) walk.functions.push(resource);
  if (isRuleMap(map)) walk.rules.push(resource);
  else walk.others += 1;
}

function isRuleMap(map: VendorMap): boolean {
  const type = vendorScalar(map.value('type')) ?? '';
  const properties = vendorMap(map.value('properties'), []);
  if (RULE_TYPE.test(type)) return true;
  if (SEARCH_TYPE.test(type)) return /hunting/i.test(vendorScalar(properties.value('category')) ?? '');
  const isExport = type === '' && map.has('properties') && !map.has('resources');
  return isExport && properties.has('query') && (properties.has('displayName') || properties.has('queryFrequency'));
}

function isFunctionMap(map: VendorMap): boolean {
  const alias = vendorMap(map.value('properties'), []).value('functionAlias');
  return SEARCH_TYPE.test(vendorScalar(map.value('type')) ?? '') && typeof alias === 'string' && alias !== '';
}

/** Parameters by their defaults, and variables; those of an inner template hide the outer ones. */
function scopeOf(map: VendorMap, outer: ArmScope): ArmScope {
  const parameters = map.value('parameters');
  const variables = map.value('variables');
  if (!isVendorObject(parameters) && !isVendorObject(variables)) return outer;
  const defaults = Object.entries(isVendorObject(parameters) ? parameters : {}).flatMap(([name, one]) => {
    const given = vendorMap(one, []);
    const value = given.value('defaultValue') ?? given.value('value');
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    parameters: { ...outer.parameters, ...Object.fromEntries(defaults) },
    variables: { ...outer.variables, ...(isVendorObject(variables) ? variables : {}) },
  };
}
