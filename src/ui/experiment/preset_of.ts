import { presetExperiment, PRESETS } from '../../experiment/presets';
import type { Experiment } from '../../experiment/types';

/** An experiment without its axes' counts, as text. */
function essence({ axes, ...rest }: Experiment): string {
  const plain = { x: { ...axes.x, count: 0 }, y: axes.y && { ...axes.y, count: 0 } };
  return JSON.stringify({ axes: plain, ...rest });
}

const known = new Map(PRESETS.map(({ id }) => [essence(presetExperiment(id)), id]));

/** The id of the preset that an experiment is, whatever its counts. */
export function presetOf(experiment: Experiment): string | undefined {
  return known.get(essence(experiment));
}
