import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import { layerNorms, weightNorms } from '../../src/measures/norms';
import { traceOf } from '../../src/scheduler/trace';
import { Evaluator } from '../../src/training/evaluator';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';
import { ENGINES } from '../sweeps';

const TOLERANCES = { reference: 1e-12, layered: 1e-5, fused: 1e-5, 'fused in software': 1e-5 } as const;

/** Trials that differ, on all samples, so that a trace's gradient is that of an evaluation. */
const documents = [0.8, 1.25, 3].map((gain) => {
  const document = trialDocument(presetExperiment('init-gain'), 1, 0, 0.05, gain);
  return { ...document, optimizer: { ...document.optimizer, steps: 2 } };
});

test.each(Object.entries(TOLERANCES))(
  '%s: the norms of evaluations are those that training records',
  async (name, tolerance) => {
    const engine = await ENGINES[name as keyof typeof TOLERANCES]();
    const traced = planOf(documents[0]!, true);
    const wave = await engine.open(new WaveInputs().of(traced, documents));
    const evaluator = await Evaluator.open(engine, documents);
    const { plan } = evaluator;
    const parameters = [await wave.read('parameters')];
    await wave.run(1);
    parameters.push(await wave.read('parameters'));
    await wave.run(1);
    const [norms, history] = [await wave.read('norms'), await wave.read('history')];
    const row = norms.length / documents.length;
    for (const [step, at] of parameters.entries()) {
      const { gradients } = await evaluator.at(at);
      for (const slot of documents.keys()) {
        const { layers, gradientNorm, weightNorm } = traceOf(
          traced,
          2,
          history.subarray(2 * slot, 2 * slot + 2),
          norms.subarray(slot * row, (slot + 1) * row),
        );
        const close = (found: number, wanted: number) =>
          expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * wanted);
        for (const [layer, recorded] of layers.entries()) {
          const index = slot * layers.length + layer;
          close(layerNorms(plan, gradients)[index]!, recorded.gradientNorm[step]!);
          close(layerNorms(plan, at)[index]!, recorded.weightNorm[step]!);
        }
        close(weightNorms(plan, gradients)[slot]!, gradientNorm[step]!);
        close(weightNorms(plan, at)[slot]!, weightNorm[step]!);
      }
    }
    evaluator.close();
    wave.close();
  },
);

test('vectors that are longer than a call may have arguments', () => {
  const length = 200_000;
  const plan = planOf(documents[0]!);
  const [layer] = plan.layers;
  const long = {
    ...plan,
    parameters: length,
    layers: [{ ...layer!, weights: { ...layer!.weights, offset: 0, length } }],
  };
  const vectors = new Float64Array(2 * length).fill(1, 0, length).fill(2, length);
  const lengths = Float64Array.of(Math.sqrt(length), 2 * Math.sqrt(length));
  expect(layerNorms(long, vectors)).toEqual(lengths);
  expect(weightNorms(long, vectors)).toEqual(lengths);
});
