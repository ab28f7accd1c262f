// The special functions behind the intervals: the incomplete beta function and three quantile functions.

const TINY = 1e-300;
const EPSILON = 2 ** -52;

/** Regularized incomplete beta I_x(a, b), for 0 ≤ x ≤ 1 and a, b > 0. Source: DLMF 8.17.22 (continued fraction). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const y = 1 - x;
  return x * (a + b + 2) < a + 1 ? betaTail(x, y, a, b) : 1 - betaTail(y, x, b, a);
}

/** The x with I_x(a, b) = p: Newton's method kept inside a shrinking bracket. Source: DLMF 8.17.1. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < 200; step += 1) {
    const excess = incompleteBeta(x, a, b) - p;
    if (excess > 0) high = x;
    else low = x;
    const newton = x - (excess * x * (1 - x)) / betaKernel(x, 1 - x, a, b);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 2 * EPSILON * next) return next;
    x = next;
  }
  return x;
}

/** Quantile of Student's t, for 0 < p < 1 and df > 0. Source: Abramowitz & Stegun 26.7.1, by the beta quantile. */
export function tQuantile(p: number, df: number): number {
  if (p < 0.5) return -tQuantile(1 - p, df);
  const share = betaQuantile(2 * p - 1, 0.5, df / 2); // t² / (df + t²)
  if (share < 0.5) return Math.sqrt((df * share) / (1 - share));
  const rest = betaQuantile(2 * (1 - p), df / 2, 0.5); // its complement, exact where the share is near 1
  return Math.sqrt((df * (1 - rest)) / rest);
}

/** I_x(a, b) below its mean, where the continued fraction converges fast. Modified Lentz: Thompson & Barnett 1986. */
function betaTail(x: number, y: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  const multiply = (coefficient: number): number => {
    d = 1 / awayFromZero(1 + coefficient * d);
    c = awayFromZero(1 + coefficient / c);
    fraction *= c * d;
    return Math.abs(c * d - 1);
  };
  for (let m = 1; m < 100_000; m += 1) {
    const k = a + 2 * m;
    multiply((m * (b - m) * x) / ((k - 1) * k));
    const change = multiply((-(a + m) * (a + b + m) * x) / (k * (k + 1)));
    if (change <= EPSILON) break;
  }
  return (betaKernel(x, y, a, b) * fraction) / a;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** x^a y^b / B(a, b) with y = 1 − x, free of cancellation for large a and b. Source: Loader 2000 (saddle point). */
function betaKernel(x: number, y: number, a: number, b: number): number {
  const distance = x * b - y * a;
  const exponent =
    a * logRatio(distance / a, (x * (a + b)) / a) + b * logRatio(-distance / b, (y * (a + b)) / b) + (stirlingRest(a + b) - stirlingRest(a) - stirlingRest(b));
  return Math.sqrt((a * b) / (2 * Math.PI * (a + b))) * Math.exp(exponent);
}

/** ln(ratio), where excess = ratio − 1 is known more exactly when it is small. */
function logRatio(excess: number, ratio: number): number {
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(ratio);
}

/** ln Γ(x) minus Stirling's (x − ½) ln x − x + ½ ln 2π. Source: DLMF 5.11.1, and Γ(x + 1) = x Γ(x) below 10. */
function stirlingRest(x: number): number {
  let rest = 0;
  let shifted = x;
  for (; shifted < 10; shifted += 1) rest += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  return rest + polynomial(STIRLING, 1 / (shifted * shifted)) / shifted;
}

const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** Quantile of the standard normal distribution, for 0 < p < 1. Source: Wichura 1988, algorithm AS 241 (PPND16). */
export function normalQuantile(p: number): number {
  const centred = p - 0.5;
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred;
    return (centred * polynomial(CENTRE.above, r)) / polynomial(CENTRE.below, r);
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const [table, start] = r <= 5 ? ([SHOULDER, 1.6] as const) : ([TAIL, 5] as const);
  const size = polynomial(table.above, r - start) / polynomial(table.below, r - start);
  return centred < 0 ? -size : size;
}

/** Horner's rule; coefficients from the constant term up. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

const CENTRE = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  below: [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852546],
};

const SHOULDER = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184,
    0.0007745450142783414,
  ],
  below: [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
};

const TAIL = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5,
    2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};
