import type { BenchReport } from '../bench/bench';
import type { KernelMeasurement } from '../bench/kernel_bench';

export interface Point {
  /** Operations a byte, and operations a second. */
  readonly x: number;
  readonly y: number;
}

/** A roofline chart in its own units: what the ceilings allow, and where the kernels are. */
export interface Roofline {
  readonly roof: readonly Point[];
  readonly kernels: readonly (Point & { readonly kernel: string })[];
  readonly range: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

/** Shapes a report for a chart with two logarithmic axes, whole powers of ten at their ends. */
export function rooflineOf({ ceilings, kernels }: Pick<BenchReport, 'ceilings' | 'kernels'>): Roofline {
  const points = kernels.filter(hasOperations).map((row) => ({
    kernel: row.kernel,
    x: row.flopsPerSecond / row.bytesPerSecond,
    y: row.flopsPerSecond,
  }));
  const ridge = ceilings.flops / ceilings.bytes;
  const x = decades([...points.map((point) => point.x), ridge, 0.1]);
  const left = Math.min(ceilings.flops, x[0] * ceilings.bytes);
  const y = decades([...points.map((point) => point.y), ceilings.flops, left]);
  return {
    roof: [
      { x: x[0], y: left },
      { x: ridge, y: ceilings.flops },
      { x: x[1], y: ceilings.flops },
    ],
    kernels: points,
    range: { x, y },
  };
}

/** Kernels that only move memory have no place on a logarithmic axis of operations. */
const hasOperations = ({ flopsPerSecond }: KernelMeasurement) => flopsPerSecond > 0;

function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** Where a value lies between the ends of a logarithmic axis, 0 to 1. */
export function logShare(value: number, [low, high]: readonly [number, number]): number {
  return Math.log(value / low) / Math.log(high / low);
}

/** The powers of ten from one end to the other. */
export function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.round(Math.log10(low));
  return Array.from({ length: Math.round(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
}
