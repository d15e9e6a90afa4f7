import type { ScalarFunction } from '../value.ts';
import { define } from './define.ts';

/** Size of each unit in the quantity's base unit. */
type Units = Readonly<Record<string, number>>;

const METRIC: Units = {
  nano: 1e-9,
  micro: 1e-6,
  milli: 1e-3,
  centi: 1e-2,
  deci: 0.1,
  deca: 10,
  hecto: 100,
  kilo: 1000,
  mega: 1e6,
};

/** Metric multiples of a unit, `Kilogram` like `Gram`. */
function multiples(base: string, prefixes: readonly string[], size = 1): Units {
  const entries = prefixes.map((prefix) => [`${prefix}${base}`, (METRIC[prefix] ?? 1) * size] as const);
  return { [base]: size, ...Object.fromEntries(entries) };
}

const ANGLE: Units = {
  degree: Math.PI / 180,
  arcminute: Math.PI / 10_800,
  arcsecond: Math.PI / 648_000,
  gradian: Math.PI / 200,
  revolution: 2 * Math.PI,
  ...multiples('radian', ['nano', 'micro', 'milli', 'centi', 'deci']),
};

const LENGTH: Units = {
  ...multiples('meter', ['nano', 'micro', 'milli', 'centi', 'deci', 'deca', 'hecto', 'kilo', 'mega']),
  inch: 0.0254,
  foot: 0.3048,
  yard: 0.9144,
  mile: 1609.344,
  nauticalmile: 1852,
};

const MASS: Units = {
  ...multiples('gram', ['nano', 'micro', 'milli', 'centi', 'deci', 'deca', 'hecto', 'kilo'], 1e-3),
  tonne: 1000,
  ounce: 0.028_349_523_125,
  pound: 0.453_592_37,
  stone: 6.350_293_18,
};

/** Speeds in meters an hour. */
const SPEED: Units = {
  meterpersecond: 3600,
  centimeterpersecond: 36,
  kilometerpersecond: 3_600_000,
  meterperhour: 1,
  centimeterperhour: 0.01,
  kilometerperhour: 1000,
  footpersecond: 0.3048 * 3600,
  mileperhour: 1609.344,
  knot: 1852,
};

const ENERGY: Units = {
  ...multiples('joule', ['milli', 'kilo', 'mega']),
  ...multiples('calorie', ['kilo'], 4.184),
  ...multiples('watthour', ['kilo', 'mega'], 3600),
  britishthermalunit: 1055.055_852_62,
  electronvolt: 1.602_176_565e-19,
  footpound: 1.355_817_948_331_4,
};

const FORCE: Units = { ...multiples('newton', ['milli', 'kilo', 'mega']), dyn: 1e-5, poundforce: 4.448_221_615_260_5 };

const VOLUME: Units = {
  ...multiples('liter', ['micro', 'milli', 'centi', 'deci', 'hecto', 'kilo'], 1e-3),
  cubicmeter: 1,
  cubiccentimeter: 1e-6,
  cubicfoot: 0.3048 ** 3,
  cubicinch: 0.0254 ** 3,
};

/** Degrees of each scale: kelvin = (value + shift) * size. */
const TEMPERATURE: Readonly<Record<string, readonly [number, number]>> = {
  kelvin: [0, 1],
  degreecelsius: [273.15, 1],
  degreefahrenheit: [459.67, 5 / 9],
  degreerankine: [0, 5 / 9],
};

function sizeOf(units: Units, name: string): number | null {
  const unit = name.toLowerCase();
  return Object.hasOwn(units, unit) ? (units[unit] ?? null) : null;
}

function conversion(name: string, units: Units): ScalarFunction {
  return define(name, ['real', 'string', 'string'], (value, from, to) => {
    const [source, target] = [sizeOf(units, from), sizeOf(units, to)];
    return source === null || target === null ? null : (value * source) / target;
  });
}

function convertTemperature(value: number, from: string, to: string): number | null {
  const scale = (name: string): readonly [number, number] | null =>
    Object.hasOwn(TEMPERATURE, name.toLowerCase()) ? (TEMPERATURE[name.toLowerCase()] ?? null) : null;
  const [source, target] = [scale(from), scale(to)];
  if (!source || !target) return null;
  return ((value + source[0]) * source[1]) / target[1] - target[0];
}

/** Quantities in other units; a unit that is not known gives null. */
export const UNITS: readonly ScalarFunction[] = [
  conversion('convert_angle', ANGLE),
  conversion('convert_energy', ENERGY),
  conversion('convert_force', FORCE),
  conversion('convert_length', LENGTH),
  conversion('convert_mass', MASS),
  conversion('convert_speed', SPEED),
  conversion('convert_volume', VOLUME),
  define('convert_temperature', ['real', 'string', 'string'], convertTemperature),
];
