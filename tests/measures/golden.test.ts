import { describe, expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { trialDocument } from '../../src/experiment/trial';
import { covariateShift } from '../../src/measures/covariate_shift';
import { landscapes } from '../../src/measures/landscape';
import { sharpness } from '../../src/measures/sharpness';
import { Evaluator } from '../../src/training/evaluator';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';
import { EVERY } from '../every';
import { GOLDEN_RUNS } from '../golden_runs';
import golden from '../golden/measures.json';
import { ENGINES } from '../sweeps';

type Name = keyof typeof ENGINES;
type Run = (typeof golden.runs)[number];
const GPU_ENGINES: readonly Name[] = ['layered', 'fused', 'fused in software'];

/** Relative to the largest of the kind. On a GPU eigenvalues come of differences of gradients. */
const TOLERANCES = {
  reference: { values: 1e-7, eigenvalues: 1e-7, residual: 1e-6 },
  gpu: { values: 1e-3, eigenvalues: 1e-3, residual: 1e-2 },
} as const;

/** What an engine measures of a trial of PyTorch's, before update `step`. */
async function found(name: Name, run: Run) {
  const { experiment } = GOLDEN_RUNS.find((one) => one.name === run.experiment)!;
  const { x, y } = experiment.axes;
  const document = trialDocument(experiment, run.arm, 0, axisValues(x)[run.ix]!, y && axisValues(y)[run.iy]!);
  const plan = planOf(document);
  const engine = await ENGINES[name]();
  const wave = await engine.open(new WaveInputs().of(plan, [document]));
  const evaluator = await Evaluator.open(engine, [document]);
  try {
    if (run.step > 0) await wave.run(run.step);
    const parameters = await wave.read('parameters');
    await wave.run(1);
    const after = await wave.read('parameters');
    const [landscape] = await landscapes(evaluator, parameters, [Float64Array.from(run.points)]);
    const updates = after.map((value, i) => value - parameters[i]!);
    const [shift] = await covariateShift(evaluator, parameters, updates);
    const [sharp] = await sharpness(evaluator, parameters, {
      count: run.eigenvalues.length,
      tolerance: TOLERANCES[name === 'reference' ? 'reference' : 'gpu'].residual,
      most: 300,
    });
    return { plan, landscape: landscape!, shift: shift!, sharp: sharp! };
  } finally {
    evaluator.close();
    wave.close();
  }
}

/** Every number within a tolerance of the largest of its kind. */
function expectClose(actual: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  const allowed = tolerance * Math.max(...wanted.map(Math.abs));
  expect(actual.length).toBe(wanted.length);
  for (const [at, value] of wanted.entries())
    expect(Math.abs(actual[at]! - value), `${at}: ${actual[at]}, not ${value}`).toBeLessThanOrEqual(allowed);
}

/** One of each network, with and without batch norm; every engine of the GPU has some of them. */
const FIRST = golden.runs.filter(({ step }) => step === 3);
const runsOf = (name: Name) => {
  if (EVERY) return golden.runs;
  const turn = GPU_ENGINES.indexOf(name);
  return name === 'reference' ? FIRST : FIRST.filter((_, at) => at % 7 === 2 * turn + 1).slice(0, 1);
};

describe.each(Object.keys(ENGINES) as Name[])('%s', (name) => {
  const tolerances = TOLERANCES[name === 'reference' ? 'reference' : 'gpu'];
  test.each(
    runsOf(name).map(
      (run) => [`${run.experiment}, arm ${run.arm}, ${run.ix} ${run.iy}`, run.step, run] as const,
    ),
  )('%s, step %d: landscape, sharpness and shift as in PyTorch', async (_, __, run) => {
    const { plan, landscape, shift, sharp } = await found(name, run);
    // Within a step of float32 lie kinks of ReLU, at which gradients jump: what is told of the error covers it.
    const isSmooth = name === 'reference' || plan.activation !== 'relu';
    const { values, eigenvalues } = tolerances;
    expectClose([landscape.loss], [run.loss], values);
    expectClose([landscape.gradientNorm], [run.gradient_norm], values);
    expectClose(landscape.losses, run.losses, values);
    // Differences of gradients have the error of the gradients.
    const gradients = (values * run.gradient_norm) / Math.max(...run.predictiveness);
    expectClose(landscape.predictiveness, run.predictiveness, Math.max(values, gradients));
    // The error of a difference of gradients, by the shortest step that divides it.
    const smooth =
      ((name === 'reference' ? 1e-12 : values) * 2) / Math.min(...run.points) / run.effective_beta;
    expectClose(landscape.smoothness, run.smoothness, Math.max(values, smooth));
    expectClose([landscape.effectiveBeta], [run.effective_beta], Math.max(values, smooth));
    expectClose(
      shift.map((layer) => layer.gradient),
      run.shift.map((layer) => layer.gradient),
      values,
    );
    expectClose(
      shift.map((layer) => layer.after),
      run.shift.map((layer) => layer.after),
      values,
    );
    const moved = (values * run.gradient_norm) / Math.max(...run.shift.map((layer) => layer.difference));
    expectClose(
      shift.map((layer) => layer.difference),
      run.shift.map((layer) => layer.difference),
      Math.max(values, moved),
    );
    expectClose(
      shift.map((layer) => layer.cosine),
      run.shift.map((layer) => layer.cosine),
      values,
    );
    const { value, error } = sharp;
    const [largest = 0] = run.eigenvalues;
    expectClose(
      isSmooth ? sharp.eigenvalues : [largest],
      run.eigenvalues.slice(0, isSmooth ? 5 : 1),
      eigenvalues,
    );
    expect(Math.abs(value - largest)).toBeLessThanOrEqual(isSmooth ? eigenvalues * Math.abs(largest) : error);
    expect(isSmooth ? error : 0).toBeLessThan(0.05 * Math.abs(largest));
  });
});
