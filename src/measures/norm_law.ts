import { parseTrial } from '../experiment/consistency';
import type { TrialDocument } from '../experiment/types';
import type { Wave } from '../training/engine';
import type { Plan } from '../training/plan';
import { planOf } from '../training/planner';
import { WaveInputs } from '../training/wave_input';
import type { LayerActivation } from './invariance';
import { inlineRows, normals } from './inline_rows';
import type { Measurement } from './measurement';
import type { NormTrace } from './norm_trace';

/** A layer and one linear output behind it, ŷ = v·φ(BN(Wx)), and v·φ(Wx) beside it, trained at many learning rates. */
export interface NormLawRequest {
  readonly activation: LayerActivation;
  /** Of the layer; with one of them v = 1, so that without φ it is the neuron ŷ = BN(w·x). */
  readonly units: number;
  readonly epsilon: number;
  readonly seed: number;
  /** `weights`: W alone, with γ = 1, β = 0 and v as they begin. */
  readonly trained: 'weights' | 'all';
  readonly rates: readonly number[];
  readonly steps: number;
}

/** The trials of an arm, by rate. */
export interface NormLawPart {
  readonly normalized: boolean;
  /** Of the engine that trained them (`Engine.roundoff`). */
  readonly roundoff: number;
  readonly traces: readonly NormTrace[];
}

/**
 * The data: normal inputs, each narrower than the one before, so that no single step solves the task; y is linear in them, with mean 0
 * and mean square 1, so that the best constant's loss is ½.
 */
export const NORM_LAW_DATA = { samples: 64, inputs: 8, bestConstant: 0.5 } as const;
const { samples: SAMPLES, inputs: INPUTS } = NORM_LAW_DATA;

/** Standard deviation of the last input; that of the first is 1. */
const NARROWEST = 0.25;

/** Steps between which it may end, and of a submission to the device. */
const TOGETHER = 50;

/** Trains, and tells of each arm what its engine recorded: norms and losses are its own. */
export const normLaw: Measurement<NormLawRequest, NormLawPart> = async (engine, request, tell, isWanted) => {
  const data = standardLine(request.seed);
  for (const normalized of [false, true]) {
    const documents = request.rates.map((rate) => documentOf(request, normalized, rate, data));
    const plan = planOf(documents[0]!, true);
    const wave = await engine.open(new WaveInputs().of(plan, documents));
    try {
      const recorded = await train(wave, request.steps, isWanted);
      if (!recorded) return;
      const [histories, norms] = [await wave.read('history'), await wave.read('norms')];
      const traces = request.rates.map((rate, slot) =>
        traceOf(plan, rate, recorded[slot]!, slot, histories, norms),
      );
      tell({ normalized, roundoff: engine.roundoff, traces });
    } finally {
      wave.close();
    }
  }
};

/** How many steps each trial has recorded in the end; nothing where it is no longer wanted. */
async function train(wave: Wave, steps: number, isWanted: () => boolean): Promise<Uint32Array | undefined> {
  for (let step = 0; isWanted();) {
    const { recorded } = await wave.run(Math.min(TOGETHER, steps - step));
    step += TOGETHER;
    if (step >= steps) return recorded;
  }
  return undefined;
}

function traceOf(
  { ring, layers }: Plan,
  rate: number,
  recorded: number,
  slot: number,
  histories: Float64Array,
  norms: Float64Array,
): NormTrace {
  const column = (which: 0 | 1) =>
    Float64Array.from(
      { length: recorded },
      (_, step) => norms[(slot * ring + step) * 2 * layers.length + which]!,
    );
  return {
    rate,
    loss: histories.slice(slot * ring, slot * ring + recorded),
    gradientNorm: column(0),
    weightNorm: column(1),
  };
}

type Rows = { readonly x: number[][]; readonly y: number[][] };

function standardLine(seed: number): Rows {
  const [teacher, drawn] = [normals(seed, 'teacher'), normals(seed, 'data')];
  const x = inlineRows(
    SAMPLES,
    INPUTS,
    (row, column) => drawn(row, column) * NARROWEST ** (column / (INPUTS - 1)),
  );
  const line = x.map((row) => row.reduce((sum, value, i) => sum + value * teacher(i, 0), 0));
  const mean = line.reduce((sum, value) => sum + value, 0) / SAMPLES;
  const deviation = Math.sqrt(line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SAMPLES);
  return { x, y: line.map((value) => [(value - mean) / deviation]) };
}

function documentOf(
  { activation, units, epsilon, seed, trained, steps }: NormLawRequest,
  normalized: boolean,
  rate: number,
  data: Rows,
): TrialDocument {
  return parseTrial({
    model: {
      inputs: INPUTS,
      hidden: [units],
      outputs: 1,
      activation,
      normalization: normalized
        ? { epsilon, affine: trained === 'all' ? 'trained' : 'frozen' }
        : { type: 'none' },
      initialization: {
        type: 'inline',
        weights: [
          inlineRows(INPUTS, units, normals(seed, 'weights', 0, 1 / INPUTS)),
          inlineRows(units, 1, units === 1 ? () => 1 : normals(seed, 'weights', 1, 1 / units)),
        ],
      },
    },
    data: { type: 'inline', ...data },
    loss: 'half-mse',
    optimizer: {
      learningRate: trained === 'all' ? rate : [rate, 0],
      ...(trained === 'weights' && { learningRateNorm: 0 }),
      steps,
    },
    seed,
  });
}
