import { expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/bench';
import { benchMarkdown, isNoisy } from '../../src/view/bench_markdown';

test('a spread as large as its value is called noise', () => {
  const figures: [number, number][] = [
    [3e-3, 1e-3],
    [3e-3, 3e-3],
    [3e-3, 8e-3],
    [0, 0],
  ];
  expect(figures.map((of) => isNoisy(...of))).toEqual([false, true, true, true]);
  const [median, spread] = figures[2]!;
  const row = {
    workload: 'D',
    engine: 'fused' as const,
    trials: 4,
    rate: median,
    spread,
    samples: 3,
    steps: 5,
    opening: 0.1,
  };
  const adapter = { name: 'none', software: false };
  const clock = { method: 'timestamps' as const, quantisation: 0 };
  const about = { format: 'normscape/bench' as const, version: 1 as const, date: '2026-11-25' };
  const ceilings = { flops: 1, bytes: 1 };
  const markdown = benchMarkdown({
    ...about,
    adapter,
    clock,
    ceilings,
    kernels: [],
    engines: [row],
  } as BenchReport);
  expect(markdown).toContain('| 0.003 ± 0.008, noisy (4 trials');
});
