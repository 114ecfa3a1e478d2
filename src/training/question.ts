import type { DataSet, TrialDocument } from '../experiment/types';
import { agreementOf } from './agreement';
import { EngineFaultError, type Engine, type WaveInput } from './engine';
import { operationsOf, type Plan } from './plan';
import { planOf } from './planner';
import { ReferenceEngine } from './reference_engine';
import { shapeNamed } from './shape_names';
import { WaveInputs } from './wave_input';

/** Steps of each trial: the first loss, and three that the updates before them decide. */
const STEPS = 4;
/** Hidden layers at the most: more would be no other kernels, but chaos. */
const DEEPEST = 4;
/** Multiply-adds of a step: what the reference does in a few milliseconds. */
const MOST_OPERATIONS = 2 ** 22;
const FEWEST_SAMPLES = 8;

/** What float32 may add to a norm, relative and absolute. */
const NORM_TOLERANCE = { relative: 1e-3, absolute: 1e-6 };

/** A few trials whose training is known beforehand, and which stand for all plans of their family. */
export interface Question {
  /** Alike for plans that are trained by the same pipelines, as far as it is about more than sizes. */
  readonly family: string;
  readonly input: WaveInput;
}

/**
 * What to ask an engine before it is believed about `plan`: networks of the same kind with mild settings, one on ordinary
 * data, others on labels that make the loss overflow, infinite and NaN.
 */
export function questionAbout(plan: Plan): Question {
  const { model, optimizer, rule } = plan.document;
  const hidden = model.hidden.slice(0, DEEPEST);
  const samples = Math.max(
    FEWEST_SAMPLES,
    Math.min(plan.samples, Math.floor((plan.samples * MOST_OPERATIONS) / operationsOf(plan))),
  );
  const isFull = !plan.minibatch;
  const document: TrialDocument = {
    ...plan.document,
    model: {
      ...model,
      hidden,
      preactivationGain: plan.activated ? 1.25 : 1,
      normalization: { ...model.normalization, epsilon: 1e-5 },
      initialization: { type: 'he', gain: 1 },
    },
    data: { type: 'gaussian', samples, inputScale: 1, inputShift: 0, noise: 0 },
    optimizer: {
      type: optimizer.type,
      learningRate: 0.02,
      momentum: plan.momentum ? 0.5 : 0,
      weightDecay: 0.01,
      batch: isFull ? 'full' : Math.min(plan.batch, Math.ceil(samples / 2)),
      steps: STEPS,
    },
    seed: 1,
    rule: rule.type === 'threshold' ? { ...rule, divergence: 1000, window: STEPS } : rule,
  };
  const asked = planOf(document, plan.tracing, plan.manner);
  const { initials, trials } = new WaveInputs().of(asked, [document]);
  const datasets = [
    undefined,
    Infinity,
    NaN,
    ...(plan.document.loss === 'logistic' ? [] : [OVERFLOWING]),
  ].map((label) => dataSet(asked, label));
  const shape = shapeNamed(plan.manner);
  const hasSizes = Boolean(shape?.held ?? shape?.written);
  const sizeOf = hasSizes ? (units: number) => units : magnitude;
  const family = [
    plan.activation,
    plan.activated,
    plan.loss,
    plan.stops,
    plan.tracing,
    plan.manner,
    plan.frozen,
    isFull,
    plan.momentum,
    model.bias,
    // What stands for the sizes of pipelines: powers of two of packs of four, but where the network stands in them.
    asked.layers.map(({ fanIn, fanOut, normalized }) => [sizeOf(fanIn), sizeOf(fanOut), normalized]),
    hasSizes && [asked.samples, asked.batch],
  ];
  return {
    family: JSON.stringify(family),
    input: {
      plan: asked,
      datasets,
      initials,
      trials: datasets.map((_, dataset) => ({ ...trials[0]!, dataset })),
    },
  };
}

/** A label whose square is beyond float32. */
const OVERFLOWING = 3e20;

const magnitude = (units: number) => (units <= 2 ? units : 4 * 2 ** Math.ceil(Math.log2(units / 4)));

/** Numbers without a pattern that a mistake could share; labels 0 and 1, which every loss takes, but for the first. */
function dataSet({ samples, inputs, outputs }: Plan, label?: number): DataSet {
  const x = Float32Array.from(
    { length: samples * inputs },
    (_, i) => 1.5 * Math.sin(1 + 2.7 * i + 0.13 * i * i),
  );
  const y = Float32Array.from({ length: samples * outputs }, (_, i) => (Math.sin(5 + 1.9 * i) > 0 ? 1 : 0));
  if (label !== undefined) y[0] = label;
  return { samples, inputs, outputs, x, y };
}

/**
 * Asks an engine and the reference.
 * @throws EngineFaultError that says what differs
 */
export async function ask(engine: Engine, { input }: Question): Promise<void> {
  const [actual, expected] = await Promise.all([answer(engine, input), answer(new ReferenceEngine(), input)]);
  for (const slot of input.trials.keys()) compare(slot, actual, expected);
}

type Answer = Awaited<ReturnType<typeof answer>>;

async function answer(engine: Engine, input: WaveInput) {
  const wave = await engine.open(input);
  try {
    await wave.run(1);
    const states = await wave.run(STEPS - 1);
    const norms = input.plan.tracing ? await wave.read('norms') : undefined;
    return { states, ring: input.plan.ring, history: await wave.read('history'), norms };
  } finally {
    wave.close();
  }
}

function compare(slot: number, actual: Answer, expected: Answer): void {
  const lossOf = ({ history, ring }: Answer, t: number) => history[slot * ring + (t % ring)]!;
  const differs = (what: string, found: number, wanted: number) => {
    const trial = ['an ordinary trial', 'a trial with an infinite label', 'a trial with a NaN label'][slot];
    const which = trial ?? 'a trial with an overflowing loss';
    throw new EngineFaultError(`of ${which} ${what} is ${found}, and ${wanted} by the reference`);
  };
  const first = lossOf(expected, 0);
  for (let t = 0; t < expected.states.recorded[slot]!; t += 1) {
    const [found, wanted] = [lossOf(actual, t), lossOf(expected, t)];
    const agreement = agreementOf(found, wanted, first);
    if (agreement === 'no') differs(`loss ${t}`, found, wanted);
    if (agreement === 'beyond') {
      const divergedAt = actual.states.divergedAt[slot]!;
      if (divergedAt !== t) differs('the step of divergence', divergedAt, t);
    }
    if (agreement !== 'yes') return;
  }
  for (const what of ['recorded', 'divergedAt'] as const) {
    const [found, wanted] = [actual.states[what][slot]!, expected.states[what][slot]!];
    if (found !== wanted) differs(what, found, wanted);
  }
  if (!actual.norms || !expected.norms) return;
  const row = expected.norms.length / actual.states.recorded.length;
  for (let i = slot * row; i < (slot + 1) * row; i += 1) {
    const [found, wanted] = [actual.norms[i]!, expected.norms[i]!];
    const { relative, absolute } = NORM_TOLERANCE;
    if (!(Math.abs(found - wanted) <= relative * Math.abs(wanted) + absolute))
      differs('a norm', found, wanted);
  }
}
