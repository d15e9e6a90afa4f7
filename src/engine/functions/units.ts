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

type Convert = (value: number, from: string, to: string) => number | null;

/** All units of the documentation are known here; for any other text it promises null. */
function conversion(name: string, convert: Convert): ScalarFunction {
  return define(name, ['real', 'string', 'string'], convert);
}

function bySize(name: string, units: Units): ScalarFunction {
  return conversion(name, (value, from, to) => {
    const [source, target] = [find(units, from), find(units, to)];
    return source === null || target === null ? null : (value * source) / target;
  });
}

const TILT = 'tilt';

/** A tilt is the sine of its angle. */
function convertAngle(value: number, from: string, to: string): number | null {
  const [isFrom, isTo] = [from, to].map((unit) => unit.toLowerCase() === TILT);
  if (isFrom && isTo) return value;
  const [source, target] = [isFrom ? 1 : find(ANGLE, from), isTo ? 1 : find(ANGLE, to)];
  if (source === null || target === null) return null;
  const turned = ((isFrom ? Math.asin(value) : value) * source) / target;
  return isTo ? Math.sin(turned) : turned;
}

function convertTemperature(value: number, from: string, to: string): number | null {
  const [source, target] = [find(TEMPERATURE, from), find(TEMPERATURE, to)];
  return source && target && ((value + source[0]) * source[1]) / target[1] - target[0];
}

/** Quantities in other units. */
export const UNITS: readonly ScalarFunction[] = [
  conversion('convert_angle', convertAngle),
  bySize('convert_energy', ENERGY),
  bySize('convert_force', FORCE),
  bySize('convert_length', LENGTH),
  bySize('convert_mass', MASS),
  bySize('convert_speed', SPEED),
  bySize('convert_volume', VOLUME),
  conversion('convert_temperature', convertTemperature),
];
