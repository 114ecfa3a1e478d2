import { expect, test } from 'vitest';
import { axisPosition, axisTicks } from '../../src/ui/axis_ticks';

const axis = (scale: 'log' | 'linear', from: number, to: number, count = 64) => ({
  parameter: 'optimizer.learningRate',
  scale,
  from,
  to,
  count,
});

test('a log axis has its decades, thinned when there are many', () => {
  expect(axisTicks(axis('log', 1e-4, 10)).map(({ value }) => value)).toEqual([1e-4, 1e-3, 0.01, 0.1, 1, 10]);
  expect(axisTicks(axis('log', 1e-3, 1e6)).map(({ value }) => value)).toEqual([0.01, 1, 100, 10000, 1e6]);
});

test('a log axis of less than a decade has 1, 2, 5', () => {
  expect(axisTicks(axis('log', 0.5, 4)).map(({ value }) => value)).toEqual([0.5, 1, 2]);
});

test('a linear axis has round values', () => {
  expect(axisTicks(axis('linear', 1, 16)).map(({ value }) => value)).toEqual([5, 10, 15]);
  expect(axisTicks(axis('linear', 0, 0.9)).map(({ value }) => value)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
});

test('an axis of one point has that tick, in its middle', () => {
  expect(axisTicks(axis('log', 2, 8, 1))).toEqual([{ value: 2, label: '2', position: 0.5 }]);
});

test('the ends of an axis lie in the middle of its first and last cells, also when it runs down', () => {
  expect(axisPosition(axis('log', 1, 100, 10), 1)).toBeCloseTo(0.05);
  expect(axisPosition(axis('log', 1, 100, 10), 10)).toBeCloseTo(0.5);
  expect(axisPosition(axis('linear', 5, 0, 10), 0)).toBeCloseTo(0.95);
  expect(axisTicks(axis('log', 100, 1)).map(({ value }) => value)).toContain(10);
});
