import { describe, expect, test } from 'vitest';
import type { Row } from './measure';
import { best, comparison, timings } from './table';

const timing = (library: Row['timings'][number]['library'], variant: string, times: number[]) => ({
  library,
  variant,
  units: 4,
  times,
  deviation: 1e-6,
});
const ROW: Row = {
  workload: 'A',
  kind: 'training',
  title: 'A, 100 trials',
  work: 100,
  timings: [
    timing('fused', 'engine', [2, 1, 4]),
    timing('jax-js', 'slow', [20, 20, 20]),
    timing('jax-js', 'quick', [10, 10, 10]),
  ],
};

describe('the table of peers', () => {
  test('takes medians, and a library’s best way', () => {
    expect(best(ROW, 'fused')?.rate).toBe(50_000);
    expect(best(ROW, 'jax-js')).toEqual({ rate: 10_000, spread: 0 });
    expect(best(ROW, 'TensorFlow.js')).toBeUndefined();
  });

  test('compares ours with each peer, and leaves out what did not run', () => {
    const [head, , row] = comparison([ROW]).split('\n');
    expect(head).toContain('fused / jax-js');
    expect(row).toContain('| A, 100 trials | 50,000 ± ');
    expect(row).toContain('| 10,000 ± 0 % | – |');
    expect(row).toMatch(/\| 5\.00× \| –/);
  });

  test('has no table for a kind of which nothing ran', () => {
    expect(comparison([ROW])).not.toContain('GFLOP/s');
    expect(comparison([])).toBe('');
  });

  test('lists every timing', () => {
    expect(timings([ROW]).split('\n')).toHaveLength(2 + ROW.timings.length);
    expect(timings([ROW])).toContain('| A | jax-js, quick | 4 | 10.0 | 10.0 | 10.0 | 1.0e-6 |');
  });
});
