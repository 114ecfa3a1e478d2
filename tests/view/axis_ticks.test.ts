import { expect, test } from 'vitest';
import { across, axisPosition, axisTicks, labelWidth, upwards, type Room } from '../../src/view/axis_ticks';
import { mulberry32 } from '../mulberry32';

const axis = (scale: 'log' | 'linear', from: number, to: number, count = 64) => ({
  parameter: 'optimizer.learningRate',
  scale,
  from,
  to,
  count,
});
const labels = (...of: Parameters<typeof axis>) =>
  axisTicks(axis(...of), across(300)).map(({ label }) => label);

test('a log axis has its decades, thinned evenly when there are many, all written alike', () => {
  expect(labels('log', 1e-4, 10)).toEqual(['10^−4', '10^−3', '10^−2', '10^−1', '10^0', '10^1']);
  expect(labels('log', 1e-3, 10)).toEqual(['0.001', '0.01', '0.1', '1', '10']);
  expect(labels('log', 1e-6, 1e6)).toEqual(['10^−6', '10^−4', '10^−2', '10^0', '10^2', '10^4', '10^6']);
  expect(labels('log', 1e-45, 1e300)).toEqual(['10^0', '10^100', '10^200', '10^300']);
});

test('a log axis of about a decade has 1, 2, 5, and its ends', () => {
  expect(labels('log', 0.5, 4)).toEqual(['0.5', '1', '2', '4']);
  expect(labels('log', 0.3, 20)).toEqual(['0.3', '1', '3', '10', '20']);
});

test('a linear axis has round values, and its ends where there is room', () => {
  expect(labels('linear', 1, 16)).toEqual(['1', '2', '4', '6', '8', '10', '12', '14', '16']);
  expect(labels('linear', 0, 0.93)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '0.93']);
  expect(labels('linear', -5, 5)).toEqual(['−5', '−4', '−2', '0', '2', '4', '5']);
  expect(labels('linear', 0, 1e7)).toEqual(['0', '2·10^6', '4·10^6', '6·10^6', '8·10^6', '10^7']);
  expect(labels('linear', 1000, 1000.4)).toEqual(['1000', '1000.1', '1000.2', '1000.3', '1000.4']);
});

test('a linear axis has no ticks between its cells', () => {
  expect(labels('linear', 1, 4, 4)).toEqual(['1', '2', '3', '4']);
  expect(labels('linear', 0, 1, 2)).toEqual(['0', '1']);
});

test('an axis of one point has that tick, in its middle', () => {
  expect(axisTicks(axis('log', 2, 8, 1), across(300))).toEqual([
    { value: 2, label: '2', position: 0.5, shift: 0 },
  ]);
});

test('the ends of an axis lie in the middle of its first and last cells, also when it runs down', () => {
  expect(axisPosition(axis('log', 1, 100, 10), 1)).toBeCloseTo(0.05);
  expect(axisPosition(axis('log', 1, 100, 10), 10)).toBeCloseTo(0.5);
  expect(axisPosition(axis('linear', 5, 0, 10), 0)).toBeCloseTo(0.95);
  expect(labels('log', 100, 1)).toEqual(['100', '30', '10', '3', '1']);
});

/** Axes of every kind and size, some of which run down. */
function randomAxis(random: () => number) {
  const count = [1, 2, 3, 8, 64, 1024][Math.floor(6 * random())]!;
  if (random() < 0.5) {
    const middle = 40 * (random() - 0.5);
    const half = 10 ** (3 * random() - 1.5);
    const ends = [10 ** (middle - half), 10 ** (middle + half)];
    if (random() < 0.3) ends.reverse();
    return axis('log', ends[0]!, ends[1]!, count);
  }
  const size = 10 ** (12 * random() - 6);
  return axis('linear', size * (random() - 0.5), size * (random() - 0.5), count);
}

test.each<[string, Room]>([
  ['across, 300 px', across(300)],
  ['across, 600 px', across(600)],
  ['upwards, 220 px', upwards(220)],
])('no label touches another, and both ends are within reach (%s)', (_, room) => {
  const random = mulberry32(7);
  for (let round = 0; round < 1000; round += 1) {
    const drawn = randomAxis(random);
    const laid = axisTicks(drawn, room).map(({ label, position, shift }) => {
      const middle = position * room.length + shift;
      return { label, position, from: middle - room.extent(label) / 2, to: middle + room.extent(label) / 2 };
    });
    const about = JSON.stringify([drawn, laid]);
    expect(laid.length, about).toBeGreaterThan(0);
    for (const [i, { from }] of laid.slice(1).entries()) expect(from - laid[i]!.to, about).toBeGreaterThan(5);
    expect(laid[0]!.from, about).toBeGreaterThanOrEqual(-room.beyond - 1e-9);
    expect(laid.at(-1)!.to, about).toBeLessThanOrEqual(room.length + room.beyond + 1e-9);
    expect(new Set(laid.map(({ label }) => label)).size, about).toBe(laid.length);
    // An end without a label has one so near that it would touch its own, of at most `widest`, which may have to stand off.
    const widest = room.extent('−8.88·10^−88');
    const reach = widest + Math.max(...laid.map(({ label }) => room.extent(label))) / 2 + room.gap;
    for (const end of [drawn.from, drawn.count === 1 ? drawn.from : drawn.to]) {
      const place = axisPosition(drawn, end);
      const nearest = Math.min(...laid.map(({ position }) => Math.abs(position - place) * room.length));
      expect(nearest, about).toBeLessThanOrEqual(reach);
    }
    const raised = laid.filter(({ label }) => label.includes('^')).length;
    expect([0, laid.filter(({ label }) => label !== '0').length], about).toContain(raised);
  }
});

test('a raised exponent takes less than its digits would', () => {
  expect(labelWidth('10^−4')).toBeLessThan(labelWidth('10−4'));
  expect(labelWidth('10000')).toBe(35);
});
