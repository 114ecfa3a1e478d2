import { expect, test } from 'vitest';
import { catapultPhase, catapultStep } from '../../src/theory/catapult';
import { mulberry32 } from '../mulberry32';

test('a step of output and curvature is that of the weights', () => {
  const random = mulberry32(3);
  const units = 5;
  let [u, v] = [0, 1].map(() => Array.from({ length: units }, () => 4 * random() - 2)) as [
    number[],
    number[],
  ];
  const outputOf = () => u.reduce((sum, value, i) => sum + value * v[i]!, 0) / Math.sqrt(units);
  const curvatureOf = () => [...u, ...v].reduce((sum, value) => sum + value ** 2, 0) / units;
  for (let step = 0; step < 5; step += 1) {
    const rate = 0.3;
    const predicted = catapultStep({ output: outputOf(), curvature: curvatureOf() }, rate, units);
    const pull = (rate * outputOf()) / Math.sqrt(units);
    [u, v] = [u.map((value, i) => value - pull * v[i]!), v.map((value, i) => value - pull * u[i]!)];
    expect(outputOf()).toBeCloseTo(predicted.output, 12);
    expect(curvatureOf()).toBeCloseTo(predicted.curvature, 12);
  }
});

test.each([
  ['lazy', 1.9, false, true],
  ['catapult', 2.2, true, true],
  ['catapult', 3.8, true, true],
  ['divergent', 4.2, true, false],
] as const)('%s at ηλ₀ = %f', (phase, product, rises, ends) => {
  const units = 1000;
  const start = { output: 1, curvature: 2 };
  const rate = product / start.curvature;
  expect(catapultPhase(rate, start.curvature)).toBe(phase);
  let at = start;
  let most = 0;
  for (let step = 0; step < 500 && Math.abs(at.output) < 1e6; step += 1) {
    at = catapultStep(at, rate, units);
    most = Math.max(most, Math.abs(at.output));
  }
  expect(most > 2).toBe(rises);
  expect(Math.abs(at.output) < 1e-6).toBe(ends);
});
