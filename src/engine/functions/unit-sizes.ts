/** Size of each unit in the quantity's base unit; names in lower case. */
export type Units = Readonly<Record<string, number>>;

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
  giga: 1e9,
  tera: 1e12,
};

/** Metric multiples of a unit, `kilogram` like `gram`. */
function multiples(base: string, size: number, prefixes: readonly string[]): Units {
  const entries = prefixes.map((prefix) => [`${prefix}${base}`, (METRIC[prefix] ?? 1) * size] as const);
  return { [base]: size, ...Object.fromEntries(entries) };
}

/** Every name with a suffix and its size over a divisor, for speeds. */
function per(units: Units, suffix: string, times: number): Units {
  return Object.fromEntries(Object.entries(units).map(([name, size]) => [`${name}per${suffix}`, size * times]));
}

const DEGREE = Math.PI / 180;
const FOOT = 0.3048;
const INCH = 0.0254;
const SURVEY_FOOT = 1200 / 3937;
const MILE = 1609.344;
const NAUTICAL_MILE = 1852;
const POUND = 0.453_592_37;
const GRAVITY = 9.806_65;

/** In radians. */
export const ANGLE: Units = {
  ...multiples('radian', 1, ['nano', 'micro', 'milli', 'centi', 'deci']),
  ...multiples('degree', DEGREE, ['nano', 'micro', 'milli']),
  arcminute: Math.PI / 10_800,
  arcsecond: Math.PI / 648_000,
  gradian: Math.PI / 200,
  natomil: (2 * Math.PI) / 6400,
  revolution: 2 * Math.PI,
};

const PARSEC = 3.085_677_581_280_88e16;
const LIGHT_YEAR = 9.460_730_472_580_8e15;

/** In meters. */
export const LENGTH: Units = {
  ...multiples('meter', 1, ['nano', 'micro', 'milli', 'centi', 'deci', 'deca', 'hecto', 'kilo']),
  ...multiples('lightyear', LIGHT_YEAR, ['kilo', 'mega']),
  ...multiples('parsec', PARSEC, ['kilo', 'mega']),
  angstrom: 1e-10,
  astronomicalunit: 149_597_870_700,
  chain: 20.1168,
  datamile: 1828.8,
  dtppica: INCH / 6,
  dtppoint: INCH / 72,
  fathom: 6 * FOOT,
  foot: FOOT,
  hand: 0.1016,
  inch: INCH,
  microinch: INCH / 1e6,
  mil: INCH / 1000,
  mile: MILE,
  nauticalmile: NAUTICAL_MILE,
  printerpica: (INCH * 400) / 2409,
  printerpoint: INCH / 72.27,
  shackle: 27.432,
  solarradius: 6.957e8,
  twip: INCH / 1440,
  ussurveyfoot: SURVEY_FOOT,
  yard: 0.9144,
};

/** In kilograms. */
export const MASS: Units = {
  ...multiples('gram', 1e-3, ['nano', 'micro', 'milli', 'centi', 'deci', 'deca', 'hecto', 'kilo']),
  ...multiples('tonne', 1000, ['kilo', 'mega']),
  ...multiples('pound', POUND, ['kilo', 'mega']),
  earthmass: 5.9722e24,
  grain: POUND / 7000,
  longhundredweight: 112 * POUND,
  longton: 2240 * POUND,
  ounce: POUND / 16,
  shorthundredweight: 100 * POUND,
  shortton: 2000 * POUND,
  solarmass: 1.989_47e30,
  slug: (POUND * GRAVITY) / FOOT,
  stone: 14 * POUND,
};

const WAYS: Units = {
  ...multiples('meter', 1, ['nano', 'micro', 'milli', 'centi', 'deci', 'kilo']),
  foot: FOOT,
  inch: INCH,
  ussurveyfoot: SURVEY_FOOT,
  yard: 0.9144,
};

/** In meters an hour. */
export const SPEED: Units = {
  ...per(WAYS, 'second', 3600),
  ...per(WAYS, 'minute', 60),
  ...per(WAYS, 'hour', 1),
  knot: NAUTICAL_MILE,
  mileperhour: MILE,
};

const BTU = 1055.055_852_62;
const WATT_HOUR = 3600;

/** In joules. */
export const ENERGY: Units = {
  ...multiples('joule', 1, ['milli', 'kilo', 'mega', 'giga']),
  ...multiples('calorie', 4.184, ['kilo', 'mega']),
  ...multiples('electronvolt', 1.602_176_565e-19, ['kilo', 'mega', 'giga', 'tera']),
  ...multiples('watthour', WATT_HOUR, ['kilo', 'mega', 'giga', 'tera']),
  ...multiples('wattday', 24 * WATT_HOUR, ['kilo', 'mega', 'giga', 'tera']),
  ...multiples('britishthermalunit', BTU, ['kilo', 'mega', 'giga']),
  ...multiples('thermec', 1e5 * BTU, ['deca']),
  ...multiples('thermimperial', 1.055_055_852_573_48e8, ['deca']),
  ...multiples('thermus', 1.054_804e8, ['deca']),
  erg: 1e-7,
  footpound: POUND * GRAVITY * FOOT,
  horsepowerhour: 2.684_519_537e6,
};

/** In newtons. */
export const FORCE: Units = {
  ...multiples('newton', 1, ['micro', 'milli', 'deca', 'kilo', 'mega']),
  ...multiples('poundforce', POUND * GRAVITY, ['kilo']),
  dyn: 1e-5,
  kilogramforce: GRAVITY,
  kilopond: GRAVITY,
  ounceforce: (POUND * GRAVITY) / 16,
  poundal: POUND * FOOT,
  shorttonforce: 2000 * POUND * GRAVITY,
  tonneforce: 1000 * GRAVITY,
};

const US_GALLON = 231 * INCH ** 3;
const IMPERIAL_GALLON = 0.004_546_09;

/** In cubic meters. */
export const VOLUME: Units = {
  ...multiples('liter', 1e-3, ['micro', 'milli', 'centi', 'deci', 'deca', 'hecto', 'kilo', 'mega']),
  ...multiples('cubicfoot', FOOT ** 3, ['hecto', 'kilo', 'mega']),
  ...multiples('cubicmeter', 1, ['hecto', 'kilo']),
  ...multiples('usgallon', US_GALLON, ['deca', 'deci', 'hecto', 'kilo', 'mega']),
  ...multiples('imperialgallon', IMPERIAL_GALLON, ['kilo', 'mega']),
  acrefoot: 1 / 0.000_810_714,
  autablespoon: 2e-5,
  boardfoot: FOOT ** 3 / 12,
  cubiccentimeter: 1e-6,
  cubicdecimeter: 1e-3,
  cubichectometer: 1e6,
  cubicinch: INCH ** 3,
  cubickilometer: 1e9,
  cubicmicrometer: 1e-18,
  cubicmile: MILE ** 3,
  cubicmillimeter: 1e-9,
  cubicyard: 0.9144 ** 3,
  imperialbeerbarrel: 36 * IMPERIAL_GALLON,
  imperialounce: IMPERIAL_GALLON / 160,
  imperialpint: IMPERIAL_GALLON / 8,
  metriccup: 2.5e-4,
  metricteaspoon: 5e-6,
  oilbarrel: 42 * US_GALLON,
  uktablespoon: 1.5e-5,
  usbeerbarrel: 31 * US_GALLON,
  uslegalcup: 2.4e-4,
  uspint: US_GALLON / 8,
  usquart: US_GALLON / 4,
  usounce: US_GALLON / 128,
  ustablespoon: US_GALLON / 256,
  usteaspoon: US_GALLON / 768,
  uscustomarycup: US_GALLON / 16,
};
