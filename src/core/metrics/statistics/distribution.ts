// Distribution functions for tests and bounds: normal, Student's t, binomial.
import { incompleteBeta } from "./special.ts";

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp(-(z * z) / 2) / ROOT_TWO_PI;

/** P(Z ≤ z) of the standard normal distribution. Source: Abramowitz & Stegun 26.2.11 (series) and 26.2.14 (continued fraction). */
export function normalCdf(z: number): number {
  if (z < 0) return upperTail(-z);
  return 1 - upperTail(z);
}

function upperTail(z: number): number {
  return z < 3 ? 0.5 - normalDensity(z) * oddSeries(z) : normalDensity(z) / fraction(z);
}

/** z + z³/3 + z⁵/(3·5) + … */
function oddSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** z + 1/(z + 2/(z + 3/(z + …))), from below: 60 steps are exact to a double for z ≥ 3. */
function fraction(z: number): number {
  let value = z;
  for (let step = 60; step >= 1; step -= 1) value = z + step / value;
  return value;
}

/** P(T ≤ t) of Student's t. Source: Abramowitz & Stegun 26.7.1. */
export function tCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** P(Binomial(n, p) ≤ k). Source: DLMF 8.17.5. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1);
}

/** The smallest count k with P(Binomial(n, q) ≤ k) ≥ p. */
export function binomialQuantile(p: number, n: number, q: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, q) >= p) high = middle;
    else low = middle + 1;
  }
  return low;
}
