import { describe, expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { trialDocument } from '../../src/experiment/trial';
import { hessianVectorProducts } from '../../src/measures/hessian';
import { Evaluator } from '../../src/training/evaluator';
import { FROZEN, type Plan } from '../../src/training/plan';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';
import { EVERY } from '../every';
import { GOLDEN_RUNS } from '../golden_runs';
import measures from '../golden/measures.json';
import { ENGINES } from '../sweeps';

/** Relative to the largest of the kind. */
const TOLERANCES = {
  reference: 1e-7,
  layered: 1e-3,
  fused: 1e-3,
  'fused in software': 1e-3,
} as const;
type Name = keyof typeof TOLERANCES;
const GPU_ENGINES: readonly Name[] = ['layered', 'fused', 'fused in software'];

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

/** The elements of the plan's vector that are trained, which are PyTorch's. */
function trained({ segments, parameters }: Plan): number[] {
  return Array.from({ length: parameters }, (_, p) => p).filter((p) => !(segments[2 * p]! & FROZEN));
}

/** What an engine finds of a trial of PyTorch's, before update `step`. */
async function found(name: Name, run: (typeof measures.runs)[number]) {
  const { experiment } = GOLDEN_RUNS.find((golden) => golden.name === run.experiment)!;
  const { x, y } = experiment.axes;
  const document = trialDocument(experiment, run.arm, 0, axisValues(x)[run.ix]!, y && axisValues(y)[run.iy]!);
  const plan = planOf(document);
  const engine = await ENGINES[name]();
  const wave = await engine.open(new WaveInputs().of(plan, [document]));
  const evaluator = await Evaluator.open(engine, [document]);
  try {
    const initial = await wave.read('parameters');
    expect(await evaluator.initial()).toEqual(initial);
    if (run.step > 0) await wave.run(run.step);
    const parameters = await wave.read('parameters');
    const places = trained(plan);
    const direction = new Float64Array(plan.parameters);
    for (const [at, p] of places.entries()) direction[p] = run.direction[at]!;
    const evaluation = await evaluator.at(parameters);
    const { products, errors } = await hessianVectorProducts(evaluator, parameters, direction);
    // What was evaluated in between has not moved what is being trained, nor does it depend on what came before.
    expect(await wave.read('parameters')).toEqual(parameters);
    expect(await evaluator.at(parameters)).toEqual(evaluation);
    return { plan, parameters, places, ...evaluation, products, error: errors[0]! };
  } finally {
    evaluator.close();
    wave.close();
  }
}

describe.each(Object.keys(TOLERANCES) as Name[])('%s', (name) => {
  const tolerance = TOLERANCES[name];

  // Every engine does the same from what it finds of gradients; those of the GPU take turns.
  const runs =
    name === 'reference' || EVERY
      ? measures.runs
      : measures.runs.filter((_, at) => at % 24 === 8 * GPU_ENGINES.indexOf(name));
  test.each(
    runs.map((run) => [`${run.experiment}, arm ${run.arm}, ${run.ix} ${run.iy}`, run.step, run] as const),
  )('%s, step %d: loss, gradient and Hessian times a vector as in PyTorch', async (_, __, run) => {
    const { plan, losses, gradients, products, places, error } = await found(name, run);
    expect(Math.abs(losses[0]! - run.loss)).toBeLessThanOrEqual(tolerance * Math.abs(run.loss));
    const norm = Math.hypot(...gradients);
    expect(Math.abs(norm - run.gradient_norm)).toBeLessThanOrEqual(tolerance * run.gradient_norm);
    const wanted = run.hessian_times_direction;
    const wrong = places.map((p, at) => Math.abs(products[p]! - wanted[at]!));
    // Within a step of float32 lie many kinks of ReLU, at which gradients jump: there the error that is told is as large.
    const isSmooth = name === 'reference' || plan.activation !== 'relu';
    expect(largest(wrong)).toBeLessThanOrEqual(isSmooth ? tolerance * largest(wanted) : 3 * error);
    expect(isSmooth ? error : 0).toBeLessThan(0.05 * largest(wanted));
  });
});
