/** Bits behind the point of the fixed-point numbers in here. */
const BITS = 160n;
const ONE = 1n << BITS;
/** The weight of a mantissa's hidden bit. */
const MANTISSA = 1n << 52n;
/** The smallest number with all its digits; smaller ones are left to the platform. */
const SMALLEST = 2 ** -1022;

/** 2 atanh(t), which is ln((1 + t) / (1 - t)), for small t. */
function doubleAtanh(t: bigint): bigint {
  const square = (t * t) >> BITS;
  let [sum, power] = [0n, t];
  for (let divisor = 1n; power !== 0n; divisor += 2n) {
    sum += power / divisor;
    power = (power * square) >> BITS;
    if (power === -1n) break;
  }
  return 2n * sum;
}

const LN_2 = doubleAtanh(ONE / 3n);
const LN_10 = 3n * LN_2 + doubleAtanh(ONE / 9n);

const bits = new DataView(new ArrayBuffer(8));

/** The natural logarithm of a positive number in fixed point. */
function fixedLogarithm(x: number): bigint {
  bits.setFloat64(0, x);
  const all = bits.getBigUint64(0);
  const mantissa = (all & (MANTISSA - 1n)) | MANTISSA;
  const exponent = (all >> 52n) - 1023n;
  return exponent * LN_2 + doubleAtanh(((mantissa - MANTISSA) << BITS) / (mantissa + MANTISSA));
}

function ofFixed(value: bigint): number {
  return Number(value) / Number(ONE);
}

function logarithm(base: bigint, quick: (x: number) => number): (x: number) => number {
  return (x) => {
    if (!(x >= SMALLEST && x < Number.POSITIVE_INFINITY) || x === 1) return quick(x);
    return ofFixed((fixedLogarithm(x) << BITS) / base);
  };
}

/** Logarithms rounded correctly: the platform's own may be off in the last digit. */
export const naturalLogarithm = logarithm(ONE, Math.log);
export const binaryLogarithm = logarithm(LN_2, Math.log2);
export const decimalLogarithm = logarithm(LN_10, Math.log10);
