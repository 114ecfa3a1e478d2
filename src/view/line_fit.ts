export interface LineFit {
  readonly slope: number;
  /** Its standard error: what the points' distances from the line tell of it. */
  readonly error: number;
  /** Of y, where x is 0. */
  readonly intercept: number;
}

/** The least-squares line through points, of which three or more must differ in x. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): LineFit {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middle, level] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = mean(([x]) => (x - middle) ** 2);
  const slope = mean(([x, y]) => (x - middle) * (y - level)) / spread;
  const intercept = level - slope * middle;
  const rest = mean(([x, y]) => (y - intercept - slope * x) ** 2);
  return { slope, error: Math.sqrt(rest / spread / (points.length - 2)), intercept };
}
