import { trialIndex, type Grid } from '../experiment/axes';
import type { Experiment, TrialDocument } from '../experiment/types';
import type { Engine } from '../training/engine';
import { planOf, samplesOf, type Plan } from '../training/plan';
import { mebibytes } from './memory';
import { TrialSource } from './trial_source';

/** What was asked for cannot run here; said before it starts. */
export class InfeasibleError extends Error {
  override readonly name = 'InfeasibleError';
}

/** Bytes that a trial takes of the host's memory: its outcome, its place in the order, and its share of what is being handed on. */
const HOST_BYTES = 128;

/**
 * @param available bytes of the host's memory
 * @throws InfeasibleError where so many trials do not fit
 */
export function checkTrials({ arms, replicates, nx, ny, trials }: Grid, available: number): void {
  const needed = trials * HOST_BYTES;
  if (needed > available)
    throw new InfeasibleError(
      `axes: found ${trials} trials (${arms} arms × ${replicates} replicates × ${nx} × ${ny}), which need ${rounded(needed)} of memory; allowed: ${Math.floor(available / HOST_BYTES)} trials, with ${rounded(available)} here`,
    );
}

/**
 * @param memory bytes of the engine's device
 * @param share of the memory that is for this engine's trials
 * @throws InfeasibleError where a trial of the largest network does not fit the memory, or the device
 */
export function checkNetworks(
  engine: Engine,
  experiment: Experiment,
  memory: number,
  { tracing = false, share = 1 } = {},
): void {
  const source = new TrialSource(experiment);
  const arms = experiment.arms.map((_, arm) => needsOf(engine, planOf(largest(source, arm), tracing)));
  const { needed, fits, words } = arms.reduce((most, arm) => (arm.needed > most.needed ? arm : most));
  if (needed > share * memory)
    throw new InfeasibleError(
      `memory: found ${rounded(memory)}, allowed: at least ${rounded(needed / share)}, for one trial of ${words} (${engine.name} engine)`,
    );
  if (!fits)
    throw new InfeasibleError(
      `model: found ${words}, of which one trial needs ${rounded(needed)}; allowed: what fits the buffers of ${engine.adapter}`,
    );
}

/** What a trial of a plan needs, alone in its wave. */
function needsOf(engine: Engine, plan: Plan): { needed: number; fits: boolean; words: string } {
  const { layers, samples, inputs, outputs, tracing } = plan;
  const { trial, wave, initial, most } = engine.needs(plan);
  const data = samples * (inputs + outputs) * Float32Array.BYTES_PER_ELEMENT;
  const widest = Math.max(...layers.map(({ fanOut }) => fanOut));
  return {
    needed: trial + wave + initial + data,
    fits: most > 0,
    words: `${layers.length} layers of up to ${widest} units on ${samples} samples${tracing ? ', traced' : ''}`,
  };
}

/** An arm's trial with the most to hold. All sizes grow or shrink along an axis, so it is one of the corners of the map. */
function largest(source: TrialSource, arm: number): TrialDocument {
  const { nx, ny } = source.grid;
  const documents = [0, nx - 1].flatMap((ix) =>
    [0, ny - 1].map((iy) => source.document(trialIndex(source.grid, { arm, replicate: 0, iy, ix }))),
  );
  return documents.reduce((most, document) => (numbersOf(document) > numbersOf(most) ? document : most));
}

/** Weights and activations of a trial, about. */
function numbersOf(document: TrialDocument): number {
  const { inputs, hidden, outputs } = document.model;
  const widths = [inputs, ...hidden, outputs];
  return widths.reduce(
    (sum, width, layer) => sum + width * (samplesOf(document) + (widths[layer - 1] ?? 0)),
    0,
  );
}

/** Mebibytes in words, upwards. */
function rounded(bytes: number): string {
  return `${Math.ceil(mebibytes(bytes)).toLocaleString('en')} MiB`;
}
