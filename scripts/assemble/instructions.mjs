/** The instructions that our WebAssembly text uses: the bytes of each and, of those that touch memory, the power of two it is best aligned to. */
const VECTOR = 0xfd;

export const INSTRUCTIONS = new Map(
  Object.entries({
    unreachable: [0x00],
    return: [0x0f],
    select: [0x1b],
    'i32.eqz': [0x45],
    'i32.eq': [0x46],
    'i32.ne': [0x47],
    'i32.lt_s': [0x48],
    'i32.gt_s': [0x4a],
    'i32.le_s': [0x4c],
    'i32.le_u': [0x4d],
    'i32.ge_s': [0x4e],
    'i32.ge_u': [0x4f],
    'i32.ctz': [0x68],
    'i32.popcnt': [0x69],
    'i32.add': [0x6a],
    'i32.sub': [0x6b],
    'i32.mul': [0x6c],
    'i32.div_u': [0x6e],
    'i32.and': [0x71],
    'i32.or': [0x72],
    'i32.shl': [0x74],
    'i32.shr_u': [0x76],
    'f64.neg': [0x9a],
    'f64.add': [0xa0],
    'f64.mul': [0xa2],
    'f64.div': [0xa3],
    'i32.trunc_f64_s': [0xaa],
    'f64.convert_i32_u': [0xb8],
    'i8x16.splat': [VECTOR, 15],
    'i8x16.eq': [VECTOR, 35],
    'i8x16.ne': [VECTOR, 36],
    'i8x16.lt_s': [VECTOR, 37],
    'i8x16.lt_u': [VECTOR, 38],
    'i8x16.ge_u': [VECTOR, 44],
    'v128.or': [VECTOR, 80],
    'i8x16.bitmask': [VECTOR, 100],
  }),
);

export const MEMORY_INSTRUCTIONS = new Map(
  Object.entries({
    'i32.load': { bytes: [0x28], align: 2 },
    'i32.load8_u': { bytes: [0x2d], align: 0 },
    'i32.load16_u': { bytes: [0x2f], align: 0 },
    'i32.store': { bytes: [0x36], align: 2 },
    'i32.store8': { bytes: [0x3a], align: 0 },
    'f64.store': { bytes: [0x39], align: 3 },
    'v128.load': { bytes: [VECTOR, 0], align: 4 },
    'v128.store': { bytes: [VECTOR, 11], align: 4 },
  }),
);

/** Instructions that name something, by the kind of what they name. */
export const NAMING_INSTRUCTIONS = new Map(
  Object.entries({
    br: { byte: 0x0c, kind: 'labels' },
    br_if: { byte: 0x0d, kind: 'labels' },
    call: { byte: 0x10, kind: 'functions' },
    'local.get': { byte: 0x20, kind: 'locals' },
    'local.set': { byte: 0x21, kind: 'locals' },
    'global.get': { byte: 0x23, kind: 'globals' },
    'global.set': { byte: 0x24, kind: 'globals' },
  }),
);

export const TYPES = new Map([
  ['i32', 0x7f],
  ['f64', 0x7c],
  ['v128', 0x7b],
]);
