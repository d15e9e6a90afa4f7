import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { navigatorLayer } from '../../../src/cli/attack/navigator-layer.ts';
import { techniquesByRules } from '../../../src/rules/attack/techniques-by-rules.ts';
import { ruleOf } from '../../rules/rule-text.ts';

const SCHEMA = JSON.parse(
  readFileSync(new URL('../../../schemas/navigator-layer.schema.json', import.meta.url), 'utf8'),
);
const ATTACK = JSON.parse(readFileSync(new URL('../../../schemas/attack.json', import.meta.url), 'utf8'));

/**
 * The properties of layer format 4.5 as MITRE's description lists them, with their types; `!`: mandatory.
 * https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md, looked up on 2026-11-27.
 */
const FORMAT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  layer: {
    versions: 'object',
    name: 'string!',
    description: 'string',
    domain: 'string!',
    customDataURL: 'string',
    filters: 'object',
    sorting: 'number',
    layout: 'object',
    hideDisabled: 'boolean',
    techniques: 'array',
    gradient: 'object',
    legendItems: 'array',
    showTacticRowBackground: 'boolean',
    tacticRowBackground: 'string',
    selectTechniquesAcrossTactics: 'boolean',
    selectSubtechniquesWithParent: 'boolean',
    selectVisibleTechniques: 'boolean',
    metadata: 'array',
    links: 'array',
  },
  filters: { platforms: 'array' },
  versions: { attack: 'string', navigator: 'string!', layer: 'string!' },
  techniques: {
    techniqueID: 'string!',
    tactic: 'string',
    comment: 'string',
    enabled: 'boolean',
    score: 'number',
    color: 'string',
    metadata: 'array',
    links: 'array',
    showSubtechniques: 'boolean',
  },
  gradient: { colors: 'array!', minValue: 'number!', maxValue: 'number!' },
  legendItems: { label: 'string!', color: 'string!' },
  layout: {
    layout: 'string',
    showID: 'boolean',
    showName: 'boolean',
    showAggregateScores: 'boolean',
    countUnscored: 'boolean',
    aggregateFunction: 'string',
    expandedSubtechniques: 'string',
  },
  'metadata.0': { name: 'string!', value: 'string!' },
  'metadata.1': { divider: 'boolean!' },
  'links.0': { label: 'string!', url: 'string!' },
  'links.1': { divider: 'boolean!' },
};

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** The schema of one of the format's objects. */
function schemaOf(name: string, within: Schema = SCHEMA): Schema | undefined {
  if (name === 'layer') return within;
  const [key = '', form] = name.split('.');
  const found = within.properties?.[key];
  const one = found?.items ?? found;
  return form === undefined ? one : one?.oneOf?.[Number(form)];
}

const typeOf = (schema: Schema): string => schema.type ?? typeof (schema.const ?? schema.enum?.[0]);

/** Properties as the table above has them. */
function propertiesOf({ properties = {}, required = [] }: Schema): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, one]) => [key, typeOf(one) + (required.includes(key) ? '!' : '')]),
  );
}

const layerOf = (...rules: readonly (readonly [string, string])[]) =>
  navigatorLayer(
    techniquesByRules(rules.map(([attack, status], at) => ruleOf({ id: `r${at}`, attack: `[${attack}]`, status }))),
    'Rules',
  );
const LAYER = layerOf(
  ['T1059.001', 'enabled'],
  ['T1059.001, T1003', 'enabled'],
  ['T1059.001, T1027', 'enabled'],
  ['T1105', 'disabled'],
  ['T1086, T1417', 'enabled'],
);

describe('the schema of layers', () => {
  it.each(Object.entries(FORMAT))('has the properties of the format: %s', (name, listed) => {
    const schema = schemaOf(name);
    expect(schema && propertiesOf(schema)).toEqual(listed);
    expect(schema?.additionalProperties).toBe(false);
  });

  it('takes metadata and links of a technique as those of a layer', () => {
    const technique = schemaOf('techniques');
    for (const name of ['metadata.0', 'metadata.1', 'links.0', 'links.1'])
      expect(propertiesOf(schemaOf(name, technique) ?? {})).toEqual(FORMAT[name]);
  });

  it.each([
    ['domain', ['enterprise-attack', 'mobile-attack', 'ics-attack']],
    ['sorting', [0, 1, 2, 3]],
  ])('knows the values of %s', (key, values) => {
    expect(SCHEMA.properties[key].enum).toEqual(values);
  });

  it('knows the values of a layout, and the versions', () => {
    const { layout, aggregateFunction, expandedSubtechniques } = SCHEMA.properties.layout.properties;
    expect([layout.enum, aggregateFunction.enum, expandedSubtechniques.enum]).toEqual([
      ['side', 'flat', 'mini'],
      ['average', 'min', 'max', 'sum'],
      ['none', 'all', 'annotated'],
    ]);
    const takes = (versions: object): boolean =>
      new Ajv2020({ strict: false }).compile(SCHEMA)({ name: 'n', domain: 'ics-attack', versions });
    expect(['4.9.0', '5.2.0', '4.8.1'].map((navigator) => takes({ navigator, layer: '4.5' }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(takes({ navigator: '5.2.0', layer: '4.4' })).toBe(false);
  });
});

interface Technique {
  readonly techniqueID: string;
  readonly score?: number;
  readonly color?: string;
}

/** The colour that the Navigator gives a technique: its own, else that of its score, whose ends are those of the gradient. */
function colourOf({ score, color }: Technique, { colors, minValue, maxValue }: (typeof LAYER)['gradient']) {
  if (color !== undefined) return color;
  if (score === undefined) return null;
  if (score >= maxValue) return colors.at(-1);
  return score <= minValue ? colors[0] : 'in between';
}

describe('a layer, as the Navigator loads it', () => {
  const colours = (layer: typeof LAYER) =>
    Object.fromEntries(
      layer.techniques.map((one: Technique) => [one.techniqueID, colourOf(one, layer.gradient)] as const),
    );
  const legend = (layer: typeof LAYER) =>
    Object.fromEntries(layer.legendItems.map(({ label, color }) => [label, color]));

  it('keeps to the format, and what stands in it is of its type', () => {
    const validate = new Ajv2020({ strict: false }).compile(SCHEMA);
    expect([validate(LAYER), validate.errors]).toEqual([true, null]);
    expect(LAYER.gradient.maxValue).toBeGreaterThan(LAYER.gradient.minValue);
    expect(LAYER.versions.attack).toMatch(/^\d+$/);
  });

  it('has the colours of its legend', () => {
    const shown = legend(LAYER);
    expect(colours(LAYER)).toEqual({
      T1003: shown['one rule is on'],
      T1027: shown['one rule is on'],
      'T1059.001': shown['3 rules are on'],
      T1105: shown['rules in testing or disabled only'],
      T1059: null,
    });
  });

  it('has them where no technique has more than one rule, and none has any', () => {
    const one = layerOf(['T1003', 'enabled']);
    expect(colours(one)).toEqual({ T1003: legend(one)['one rule is on'] });
    expect(Object.keys(legend(one))).toEqual(['one rule is on', 'rules in testing or disabled only']);
    expect(layerOf().techniques).toEqual([]);
  });

  it('names techniques of the enterprise matrix that are not retired, each once, and opens parents only', () => {
    const ids = LAYER.techniques.map(({ techniqueID }) => techniqueID);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids)
      expect([id, ATTACK.techniques[id]]).toEqual([id, expect.not.objectContaining({ retired: expect.anything() })]);
    const opened = LAYER.techniques.filter((one) => 'showSubtechniques' in one).map(({ techniqueID }) => techniqueID);
    expect(opened).toEqual(['T1059']);
  });
});
