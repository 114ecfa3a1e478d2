import { describe, expect, test } from 'vitest';
import { inlineRows, normals } from '../../src/measures/inline_rows';
import {
  invariance,
  INVARIANCE_BATCH,
  LAYER_ACTIVATIONS,
  type InvariancePart,
  type InvarianceRequest,
} from '../../src/measures/invariance';
import { NORM_LAW_DATA, normLaw, type NormLawPart, type NormLawRequest } from '../../src/measures/norm_law';
import { lawErrors, squaredNorms } from '../../src/measures/norm_trace';
import { sigmoid } from '../../src/reference/activation';
import { norm } from '../../src/reference/norms';
import { SCALE_POWERS } from '../../src/theory/scale_invariance';
import { pass, type SmallNetwork } from '../../src/theory/small_network';
import type { EngineName } from '../../src/training/engine';
import { branches, divergesFrom, stepsToGoal } from '../../src/view/norm_growth';
import { lawDeviation, scaleFits } from '../../src/view/scale_fits';
import { tried } from '../every';
import { ENGINES } from '../sweeps';

const SCALES = [1e-3, 1e-2, 0.1, 1, 4, 30, 200, 1e3];
const LAYER: InvarianceRequest = { activation: 'relu', units: 3, epsilon: 1e-5, seed: 2, scales: SCALES };

async function scaled(request: InvarianceRequest, engine: EngineName = 'reference') {
  const parts: InvariancePart[] = [];
  await invariance(
    await ENGINES[engine](),
    request,
    (part) => parts.push(part),
    () => true,
  );
  expect(parts.map(({ normalized }) => normalized)).toEqual([false, true]);
  return parts as [InvariancePart, InvariancePart];
}

const NEURON: NormLawRequest = {
  activation: 'identity',
  units: 1,
  epsilon: 0,
  seed: 1,
  trained: 'weights',
  rates: [0.01, 1, 100],
  steps: 60,
};

async function trained(request: NormLawRequest, engine: EngineName = 'reference') {
  const parts: NormLawPart[] = [];
  await normLaw(
    await ENGINES[engine](),
    request,
    (part) => parts.push(part),
    () => true,
  );
  expect(parts.map(({ normalized }) => normalized)).toEqual([false, true]);
  return parts as [NormLawPart, NormLawPart];
}

const mostError = ({ traces, roundoff }: NormLawPart) =>
  Math.max(...traces.flatMap((trace) => [...lawErrors(trace, roundoff)]));

describe('a layer with weights multiplied', () => {
  test.each(LAYER_ACTIVATIONS)(
    '%s: its gradients are those of the network taken apart',
    async (activation) => {
      const { samples, inputs } = INVARIANCE_BATCH;
      const { seed, epsilon } = LAYER;
      const drawn = normals(seed, 'data');
      const before = { identity: (v: number) => v, relu: Math.abs, sigmoid };
      const u = inlineRows(samples, inputs, (row, column) =>
        before[activation](Math.fround(drawn(row, column))),
      );
      const w = inlineRows(inputs, 1, normals(seed, 'weights', 1, 1 / inputs)).flat();
      const v = inlineRows(samples, 1, normals(seed, 'teacher')).flat().map(Math.fround);
      const parts = await scaled({ ...LAYER, activation, units: 1 });
      for (const [arm, part] of parts.entries())
        for (const [i, scale] of SCALES.entries()) {
          const network: SmallNetwork = {
            layers: [
              {
                fanIn: inputs,
                fanOut: 1,
                bias: false,
                normalized: arm === 1 ? 'before' : undefined,
                activation,
              },
            ],
            affine: 'trained',
            epsilon,
          };
          const parameters = [
            ...w.map((weight) => scale * Math.fround(weight)),
            ...(arm === 1 ? [1, 0] : []),
          ];
          const batch = { samples, x: u.flat() };
          const { prediction } = pass(network, parameters, { ...batch, y: new Float64Array(samples) });
          // Targets from which the error is v.
          const y = prediction.map((value, sample) => value - v[sample]!);
          const { gradient, operations } = pass(network, parameters, { ...batch, y });
          // Sigmoids that are saturated through and through have a gradient of 0.
          const close = (found: number, wanted: number) =>
            expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-8 * wanted);
          close(part.input[i]!, norm(operations[0]!.backward.at(-1)!.result));
          close(part.weights[i]!, samples * norm(gradient.subarray(0, inputs)));
        }
    },
  );

  test('of several linear units, ∂⟨v, y⟩/∂(aW) is uᵀv at every a', async () => {
    const { samples, inputs } = INVARIANCE_BATCH;
    const units = 3;
    const [u, v] = [normals(LAYER.seed, 'data'), normals(LAYER.seed, 'teacher')];
    const products = inlineRows(inputs, units, (i, j) =>
      Array.from({ length: samples }, (_, sample) => u(sample, i) * v(sample, j)).reduce((a, b) => a + b),
    );
    const [plain] = await scaled({ ...LAYER, activation: 'identity', units });
    const wanted = norm(Float64Array.from(products.flat()));
    for (const found of plain.weights) expect(found / wanted).toBeCloseTo(1, 6);
  });

  test.each(tried<EngineName>(['reference', 'layered'], ['fused']))(
    '%s: powers of a are 1 and 0 without batch norm, 0 and −1 with it',
    async (engine) => {
      for (const [arm, part] of (await scaled(LAYER, engine)).entries()) {
        const fits = scaleFits(part)!;
        for (const name of ['input', 'weights'] as const) {
          const { power, error } = fits[name];
          expect(Math.abs(power - SCALE_POWERS[arm]![name])).toBeLessThan(arm === 0 ? 1e-6 : 1e-4);
          expect(error).toBeLessThan(1e-4);
        }
      }
    },
  );

  test.each(tried<EngineName>(['reference', 'layered'], ['fused']))(
    '%s: weights and gradient are at right angles but for ε, by its law',
    async (engine) => {
      const [plain, normed] = await scaled(LAYER, engine);
      expect(Math.min(...plain.product)).toBeGreaterThan(0.01);
      expect(lawDeviation(normed)).toBeLessThan(engine === 'reference' ? 1e-6 : 0.02);
      expect(normed.product[0]).toBeGreaterThan(1e-3);
      expect(normed.product.at(-1)).toBeLessThan(1e-6);
      const [, without] = await scaled({ ...LAYER, epsilon: 0, scales: SCALES.slice(0, 2) }, engine);
      expect(Math.max(...without.product)).toBeLessThan(engine === 'reference' ? 1e-12 : 1e-6);
      expect([...without.predicted]).toEqual([0, 0]);
    },
  );

  test('nothing is measured that nobody wants any more', async () => {
    const parts: InvariancePart[] = [];
    await invariance(
      await ENGINES.reference(),
      LAYER,
      (part) => parts.push(part),
      () => parts.length === 0,
    );
    expect(parts).toHaveLength(1);
  });
});

describe('the norm law', () => {
  test.each(tried<EngineName>(['reference'], ['layered', 'fused']))(
    'prediction f, %s: ‖w₊‖² = ‖w‖² + η²‖g‖² at every step of a neuron with batch norm',
    async (engine) => {
      const [plain, normed] = await trained(NEURON, engine);
      expect(mostError(normed)).toBeLessThan(engine === 'reference' ? 1e-12 : 1e-6);
      expect(mostError(plain)).toBeGreaterThan(0.1);
      for (const trace of normed.traces) {
        const [measured, law] = squaredNorms(trace);
        expect(trace.loss).toHaveLength(NEURON.steps);
        expect(measured.at(-1)! / law.at(-1)!).toBeCloseTo(1, engine === 'reference' ? 10 : 4);
        // It never shortens.
        expect(measured.every((value, t) => t === 0 || value >= measured[t - 1]! * (1 - 1e-6))).toBe(true);
      }
    },
  );

  test.each(['weights', 'all'] as const)(
    'a layer of sigmoids obeys it too, where %s are trained',
    async (what) => {
      const [plain, normed] = await trained({ ...NEURON, activation: 'sigmoid', units: 4, trained: what });
      expect(mostError(normed)).toBeLessThan(1e-12);
      expect(mostError(plain)).toBeGreaterThan(1e-4);
    },
  );

  test('ε breaks it, by about its share', async () => {
    const [, normed] = await trained({ ...NEURON, epsilon: 1e-3 });
    expect(mostError(normed)).toBeGreaterThan(1e-4);
  });

  test('prediction g: updates to the goal fall and rise as the rate, and the first update sets the norm', async () => {
    const rates = Array.from({ length: 15 }, (_, i) => 10 ** (-3 + (3 * i) / 7));
    const request = { ...NEURON, rates, steps: 1000 };
    const [plain, normed] = await trained(request);
    const { slow, fast } = branches(rates, stepsToGoal(normed, NORM_LAW_DATA.bestConstant));
    expect(slow!.slope).toBeCloseTo(-1, 1);
    expect(fast!.slope).toBeCloseTo(1, 1);
    const { rate, gradientNorm, weightNorm } = normed.traces.at(-1)!;
    expect(weightNorm.at(-1)! / (rate * gradientNorm[0]!)).toBeCloseTo(1, 2);
    expect(divergesFrom(normed, request.steps)).toBeUndefined();
    expect(divergesFrom(plain, request.steps)).toBeLessThan(10);
  });

  test('nothing is trained that nobody wants any more', async () => {
    let asked = 0;
    const parts: NormLawPart[] = [];
    await normLaw(
      await ENGINES.reference(),
      NEURON,
      (part) => parts.push(part),
      () => (asked += 1) < 2,
    );
    expect(parts).toEqual([]);
  });
});
