import { trialIndex, type Grid } from '../experiment/axes';
import type { Experiment, TrialDocument } from '../experiment/types';
import type { Engine } from '../training/engine';
import { MANY, type Manner } from '../training/manner';
import { planKey, type Plan, type Tracing } from '../training/plan';
import { planOf } from '../training/planner';
import { mebibytes } from './memory';
import { TrialSource } from './trial_source';

/** What was asked for cannot run here; said before it starts. */
export class InfeasibleError extends Error {
  override readonly name = 'InfeasibleError';
}

/**
 * Bytes that a trial takes of the host's memory: its outcome, and its share of what is being handed on. From 65 thousand to a million
 * trials 48 were measured on the command line; the heap grows in leaps.
 */
const HOST_BYTES = 128;

/**
 * @param available bytes of the host's memory
 * @param rows trials of which it keeps the outcomes, where those are not all
 * @throws InfeasibleError where so many trials do not fit
 */
export function checkTrials(
  { arms, replicates, nx, ny, trials }: Grid,
  available: number,
  rows = trials,
): void {
  const needed = rows * HOST_BYTES;
  if (needed <= available) return;
  const found = `${rows} trials (${rows < trials ? 'of ' : ''}${arms} arms × ${replicates} replicates × ${nx} × ${ny})`;
  const most = Math.floor(available / HOST_BYTES);
  throw new InfeasibleError(
    `axes: found ${found}, which need ${rounded(needed)} of memory; allowed: ${most} trials, with ${rounded(available)} here`,
  );
}

/**
 * @param memory bytes of the engine's device
 * @param share of the memory that is for this engine's trials
 * @param manner in what shape they are trained
 * @throws InfeasibleError where a trial of the largest network does not fit the memory, or the device
 */
export function checkNetworks(
  engine: Engine,
  experiment: Experiment,
  memory: number,
  { tracing = false, share = 1, manner = MANY }: { tracing?: Tracing; share?: number; manner?: Manner } = {},
): void {
  const needs = cornersOf(new TrialSource(experiment), tracing).map((document) =>
    needsOf(engine, planOf(document, tracing, manner)),
  );
  const { needed, fits, words } = needs.reduce((most, one) => (one.needed > most.needed ? one : most));
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
    words: `${layers.length} layers of up to ${widest} units on ${samples} samples${tracing === true ? ', traced' : ''}`,
  };
}

/** Trials at the corners of the maps, one a plan: all sizes grow or shrink along an axis, so one of them has the most to hold. */
export function cornersOf(source: TrialSource, tracing: Tracing = false): TrialDocument[] {
  const { arms, nx, ny } = source.grid;
  const corners = new Map<string, TrialDocument>();
  for (let arm = 0; arm < arms; arm += 1)
    for (const ix of [0, nx - 1])
      for (const iy of [0, ny - 1]) {
        const document = source.document(trialIndex(source.grid, { arm, replicate: 0, iy, ix }));
        corners.set(planKey(document, tracing), document);
      }
  return [...corners.values()];
}

/** Mebibytes in words, upwards. */
function rounded(bytes: number): string {
  return `${Math.ceil(mebibytes(bytes)).toLocaleString('en')} MiB`;
}
