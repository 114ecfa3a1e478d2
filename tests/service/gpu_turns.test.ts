import { expect, test } from 'vitest';
import { GpuTurns, type GpuUse } from '../../src/service/gpu_turns';

/** Users that write down what they are told. */
function turns() {
  const gpu = new GpuTurns();
  const told: string[] = [];
  const user = (name: string, use: GpuUse) => ({
    use,
    go: () => told.push(`${name} goes`),
    hold: () => told.push(`${name} holds`),
  });
  /** What was told since this was asked last. */
  const news = () => told.splice(0);
  return { gpu, user, news };
}

test('a sweep is held while something is measured, and goes on by itself', () => {
  const { gpu, user, news } = turns();
  const [sweep, benchmark] = [user('sweep', 'sweep'), user('benchmark', 'benchmark')];
  gpu.enter(sweep);
  expect(news()).toEqual(['sweep goes']);
  gpu.enter(benchmark);
  expect(news()).toEqual(['sweep holds', 'benchmark goes']);
  gpu.leave(benchmark);
  expect(news()).toEqual(['sweep goes']);
});

test('a sweep that comes while something is measured waits', () => {
  const { gpu, user, news } = turns();
  const benchmark = user('benchmark', 'benchmark');
  gpu.enter(benchmark);
  news();
  gpu.enter(user('sweep', 'sweep'));
  expect(news()).toEqual([]);
  gpu.leave(benchmark);
  expect(news()).toEqual(['sweep goes']);
});

test('a benchmark is held for nobody, a measure for a benchmark', () => {
  const { gpu, user, news } = turns();
  const [sweep, measure] = [user('sweep', 'sweep'), user('measure', 'measure')];
  const benchmark = user('benchmark', 'benchmark');
  for (const one of [sweep, measure, benchmark]) gpu.enter(one);
  expect(news()).toEqual(['sweep goes', 'sweep holds', 'measure goes', 'measure holds', 'benchmark goes']);
  const late = user('late', 'measure');
  gpu.enter(late);
  gpu.leave(benchmark);
  expect(news()).toEqual(['measure goes']);
  gpu.leave(measure);
  gpu.leave(late);
  expect(news()).toEqual(['late goes', 'sweep goes']);
});

test('whoever leaves is not told to hold, nor twice, nor is another disturbed', () => {
  const { gpu, user, news } = turns();
  const [sweep, measure] = [user('sweep', 'sweep'), user('measure', 'measure')];
  gpu.leave(measure);
  gpu.enter(measure);
  gpu.enter(sweep);
  news();
  gpu.leave(sweep);
  gpu.leave(measure);
  gpu.leave(measure);
  expect(news()).toEqual([]);
});
