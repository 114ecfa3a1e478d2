import { parseExperiment } from '../experiment/schema';
import { baseTrial, withArm } from '../experiment/trial';
import type { Experiment } from '../experiment/types';

const TWO_CLASSES: ReadonlySet<unknown> = new Set(['spiral', 'moons', 'circles']);

/** What a choice takes for granted, set along with it so that one click suffices. */
function implied(experiment: Experiment, path: string, value: unknown): Record<string, unknown> {
  if (path !== 'data.type') return {};
  if (TWO_CLASSES.has(value)) return { 'model.inputs': 2, 'model.outputs': 1 };
  return experiment.loss === 'logistic' ? { loss: 'half-mse' } : {};
}

/**
 * The experiment with one setting of its trials changed, by its path in the document, `model.depth` or `model.width`.
 * @throws ExperimentError when the document does not allow it
 */
export function withSetting(experiment: Experiment, path: string, value: unknown): Experiment {
  const set = { ...implied(experiment, path, value), [path]: value };
  return parseExperiment({ ...experiment, ...withArm(baseTrial(experiment), { name: '', set }) });
}
