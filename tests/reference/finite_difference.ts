/** ∂f/∂x by central differences; the error is about 1e-9 for functions and numbers near 1. */
export function finiteDifference(f: (x: Float64Array) => number, x: Float64Array, step = 1e-6): Float64Array {
  return x.map((_, i) => {
    const along = (sign: number) => f(x.map((value, j) => (j === i ? value + sign * step : value)));
    return (along(1) - along(-1)) / (2 * step);
  });
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
