import type { ScalarFunction } from '../value.ts';
import { define } from './define.ts';
import { ANGLE, ENERGY, FORCE, LENGTH, MASS, SPEED, type Units, VOLUME } from './unit-sizes.ts';

/** Temperature scales as kelvin = (value + shift) * factor. */
const TEMPERATURE: Readonly<Record<string, readonly [number, number]>> = {
  kelvin: [0, 1],
  degreecelsius: [273.15, 1],
  millidegreecelsius: [273_150, 0.001],
  degreedelisle: [-559.725, -2 / 3],
  degreefahrenheit: [459.67, 5 / 9],
  degreenewton: [90.1395, 100 / 33],
  degreerankine: [0, 5 / 9],
  degreereaumur: [218.52, 5 / 4],
  degreeroemer: [135.903_75, 40 / 21],
  solartemperature: [0, 5778],
};

function find<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  const unit = name.toLowerCase();
  return Object.hasOwn(table, unit) ? (table[unit] ?? null) : null;
}

function conversion(name: string, units: Units): ScalarFunction {
  return define(name, ['real', 'string', 'string'], (value, from, to) => {
    const [source, target] = [find(units, from), find(units, to)];
    return source === null || target === null ? null : (value * source) / target;
  });
}

function convertTemperature(value: number, from: string, to: string): number | null {
  const [source, target] = [find(TEMPERATURE, from), find(TEMPERATURE, to)];
  return source && target && ((value + source[0]) * source[1]) / target[1] - target[0];
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
