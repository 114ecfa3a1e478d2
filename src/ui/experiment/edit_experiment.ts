import { parseExperiment } from '../../experiment/parse';
import { LIMITS } from '../../experiment/document_schema';
import { baseTrial, withArm } from '../../experiment/trial';
import { ExperimentError, type Axis, type Experiment } from '../../experiment/types';

const TWO_CLASSES: ReadonlySet<unknown> = new Set(['spiral', 'moons', 'circles']);

/** Hidden layers of the first preset, to grow from where there were none. */
const LAYERS: readonly number[] = [16];

type Settings = Record<string, unknown>;

/** Settings that a choice requires, made with it so that one click suffices. */
function implied(experiment: Experiment, path: string, value: unknown): Settings {
  if (path !== 'data.type' || value === experiment.data.type) return {};
  if (TWO_CLASSES.has(value)) return { 'model.inputs': 2, 'model.outputs': 1 };
  return experiment.loss === 'logistic' ? { loss: 'half-mse' } : {};
}

/** The layers that there are, fewer, or more of the last one's width. */
function deeper(layers: readonly number[], depth: unknown): number[] {
  if (typeof depth !== 'number' || !Number.isInteger(depth) || depth < 0 || depth > LIMITS.hidden)
    throw new ExperimentError('model.depth', depth, `an integer from 0 to ${LIMITS.hidden}`);
  return Array.from({ length: depth }, (_, layer) => layers[layer] ?? layers.at(-1) ?? LAYERS[0]!);
}

/** Lists with a number for each weight layer are resized where all their numbers are the same; the document refuses any other. */
function layerLists({ optimizer, model }: Experiment, layers: number): Settings {
  const lists: Settings = {
    'optimizer.learningRate': optimizer.learningRate,
    'optimizer.learningRateNorm': optimizer.learningRateNorm,
    'model.initialization.gainLayers': model.initialization.gainLayers,
  };
  const even = Object.entries(lists).flatMap(([path, list]) =>
    Array.isArray(list) && list.every((value) => value === list[0]) && list.length !== layers
      ? [[path, Array.from({ length: layers }, (): unknown => list[0])]]
      : [],
  );
  return Object.fromEntries(even);
}

function withHidden(experiment: Experiment, hidden: unknown): Settings {
  return {
    'model.hidden': hidden,
    ...(Array.isArray(hidden) && layerLists(experiment, hidden.length + 1)),
  };
}

/**
 * The experiment with one setting of its trials changed, by its path in the document, `model.depth` or `model.width`.
 * A list is one width, or one gain, for each layer; without hidden layers a width makes one, and no value leaves a field out.
 * @param layers hidden layers that there were, for when there are some again
 * @throws ExperimentError when the document does not allow it
 */
export function withSetting(
  experiment: Experiment,
  path: string,
  value: unknown,
  layers: readonly number[] = LAYERS,
): Experiment {
  const { hidden } = experiment.model;
  switch (path) {
    case 'model.depth':
      return withSettings(
        experiment,
        withHidden(experiment, deeper(hidden.length > 0 ? hidden : layers, value)),
      );
    case 'model.width': {
      const widths = Array.isArray(value) ? value : (hidden.length > 0 ? hidden : [0]).map(() => value);
      return withSettings(experiment, withHidden(experiment, widths));
    }
    case 'model.initialization.gain': {
      if (Array.isArray(value)) return withSettings(experiment, { [`${path}Layers`]: value });
      const { gainLayers: _, ...initialization } = experiment.model.initialization;
      return withSettings(
        { ...experiment, model: { ...experiment.model, initialization } },
        { [path]: value },
      );
    }
    case 'optimizer.learningRateNorm': {
      if (value !== undefined) break;
      const { learningRateNorm: _, ...optimizer } = experiment.optimizer;
      return parseExperiment({ ...experiment, optimizer });
    }
  }
  return withSettings(experiment, { ...implied(experiment, path, value), [path]: value });
}

function withSettings(experiment: Experiment, set: Settings): Experiment {
  return parseExperiment({ ...experiment, ...withArm(baseTrial(experiment), { name: '', set }) });
}

/** The experiment with another axis, or without the y axis; a parameter that the other axis has already makes the two change places. */
export function withAxis(experiment: Experiment, name: 'x' | 'y', axis: Axis | undefined): Experiment {
  const { axes } = experiment;
  const other = axes[name === 'x' ? 'y' : 'x'];
  if (axis && axis.parameter !== axes[name]?.parameter && axis.parameter === other?.parameter && axes.y)
    return parseExperiment({ ...experiment, axes: { x: axes.y, y: axes.x } });
  const { y, ...rest } = { ...axes, [name]: axis };
  return parseExperiment({ ...experiment, axes: { ...rest, ...(y && { y }) } });
}
