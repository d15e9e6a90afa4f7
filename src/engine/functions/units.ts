import { queryFailed, unsupported } from '../problem.ts';
import type { ScalarFunction } from '../value.ts';
import { defineFor } from './define.ts';
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

/** Which units the service knows beside these is not certain: another one is refused, or fails where only a row tells it. */
function conversion(name: string, units: Readonly<Record<string, unknown>>, convert: Convert): ScalarFunction {
  return defineFor(name, ['real', 'string', 'string'], ({ constants }) => {
    const other = constants.slice(1).find((unit) => typeof unit === 'string' && isOther(units, unit));
    if (typeof other === 'string') throw unsupported(`the unit '${other}' in ${name}()`, null);
    return (value, from, to) => {
      const unknown = [from, to].find((unit) => isOther(units, unit));
      if (unknown !== undefined) throw queryFailed(`The local engine does not know the unit '${unknown}'.`, null);
      return convert(value, from, to);
    };
  });
}

function isOther(units: Readonly<Record<string, unknown>>, name: string): boolean {
  return name !== '' && find(units, name) === null;
}

function bySize(name: string, units: Units): ScalarFunction {
  return conversion(name, units, (value, from, to) => {
    const [source, target] = [find(units, from), find(units, to)];
    return source === null || target === null ? null : (value * source) / target;
  });
}

function convertTemperature(value: number, from: string, to: string): number | null {
  const [source, target] = [find(TEMPERATURE, from), find(TEMPERATURE, to)];
  return source && target && ((value + source[0]) * source[1]) / target[1] - target[0];
}

/** Quantities in other units; an empty unit gives null. */
export const UNITS: readonly ScalarFunction[] = [
  bySize('convert_angle', ANGLE),
  bySize('convert_energy', ENERGY),
  bySize('convert_force', FORCE),
  bySize('convert_length', LENGTH),
  bySize('convert_mass', MASS),
  bySize('convert_speed', SPEED),
  bySize('convert_volume', VOLUME),
  conversion('convert_temperature', TEMPERATURE, convertTemperature),
];
