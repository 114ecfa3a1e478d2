import { getPath, parsePath, replacePath } from './path';
import { checkStructure, layersStructure, LIMITS, type Layers } from './document_schema';
import { ExperimentError, type Axis, type AxisZoom, type Experiment, type TrialDocument } from './types';

/** The two parameters that are no path of the document: they change the list of hidden layers. */
export const SHAPE_PARAMETERS: readonly string[] = ['model.width', 'model.depth'];

const INTEGER_PARAMETERS =
  /^(?:model\.(?:depth|width|inputs|outputs|hidden\[\d+\])|optimizer\.(?:batch|steps)|data\.samples|seed|rule\.window)$/;

/** The points of an axis, both ends exact; integer parameters rounded, repeats kept. */
export function axisValues(axis: Axis): Float64Array {
  const values = Float64Array.from({ length: axis.count }, (_, index) => pointOf(axis, index));
  return isInteger(axis) ? values.map(Math.round) : values;
}

/** One point of an axis, before it is rounded. */
function pointOf({ scale, from, to, count, zoom: { level, first } = WHOLE }: Axis, index: number): number {
  // Halving steps is exact in float64, so that a point has the same value at every level.
  const last = (count - 1) * 2 ** level;
  const i = first + index;
  if (i === 0) return from;
  if (i === last) return to;
  // Powers of each end, not of their ratio: the ratio of two float64 may overflow.
  return scale === 'log'
    ? from ** ((last - i) / last) * to ** (i / last)
    : (from * (last - i) + to * i) / last;
}

/** No zoom at all. */
const WHOLE: AxisZoom = { level: 0, first: 0 };

/** Whether the points of an axis are rounded. */
export function isInteger({ parameter }: Pick<Axis, 'parameter'>): boolean {
  return INTEGER_PARAMETERS.test(parameter);
}

/** The axis as it would be written for the points that it has: from the first to the last. */
export function shownAxis(axis: Axis): Axis {
  if (!axis.zoom) return axis;
  const { parameter, scale, count } = axis;
  return { parameter, scale, count, from: pointOf(axis, 0), to: pointOf(axis, count - 1) };
}

/** What sets a field in another way, by the field's path: one would undo the other. */
export const RIVALS: ReadonlyMap<string, readonly string[]> = new Map([
  ['model.hidden', SHAPE_PARAMETERS],
  ['model.initialization.gainLayers', ['model.initialization.gain']],
]);

/** One number for all layers, as a list with one for each. */
function spread(value: number | number[], { model }: Layers): number[] {
  return typeof value === 'number' ? Array.from({ length: model.hidden.length + 1 }, () => value) : value;
}

/** Lists that a document may give as one number, or not at all: how they read layer by layer. */
const LAYER_LISTS: ReadonlyMap<string, (layers: Layers) => number[]> = new Map([
  ['optimizer.learningRate', (layers) => spread(layers.optimizer.learningRate, layers)],
  [
    'optimizer.learningRateNorm',
    (layers) => spread(layers.optimizer.learningRateNorm ?? layers.optimizer.learningRate, layers),
  ],
  [
    'model.initialization.gainLayers',
    (layers) => layers.model.initialization.gainLayers ?? spread(layers.model.initialization.gain, layers),
  ],
]);

/** The list that a path names an entry of; a text that is no path for none. */
function listOf(path: string): string {
  return path.endsWith(']') ? path.slice(0, path.lastIndexOf('[')) : '';
}

function reshaped(trial: TrialDocument, path: string, value: unknown): unknown[] {
  const { hidden } = checkStructure(layersStructure, trial).model;
  if (hidden.length === 0)
    throw new ExperimentError(path, value, 'a parameter of a model with hidden layers');
  if (path === 'model.width') return hidden.map(() => value);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LIMITS.hidden) {
    throw new ExperimentError(path, value, `an integer from 0 to ${LIMITS.hidden}`);
  }
  return Array.from({ length: value }, () => hidden[0]);
}

/** The document with a list that it gave otherwise; as it is, where the list is none of layers. */
function listed(trial: TrialDocument, list: string): TrialDocument | undefined {
  const read = LAYER_LISTS.get(list);
  return read
    ? replacePath(trial, parsePath(list) ?? [], read(checkStructure(layersStructure, trial)))
    : trial;
}

/**
 * A copy of the document with one parameter set; what does not change is shared with the original.
 * The value is checked where the whole document is (`parseTrial`), so what is read of the document here may be anything
 * that was set before, and is checked first.
 * @throws ExperimentError when there is no such path, the value is no depth, or what is read is wrong.
 */
export function setParameter(trial: TrialDocument, path: string, value: unknown): TrialDocument {
  if (SHAPE_PARAMETERS.includes(path)) {
    return replacePath(trial, ['model', 'hidden'], reshaped(trial, path, value)) ?? trial;
  }
  const list = listOf(path);
  const base = Array.isArray(getPath(trial, parsePath(list) ?? [])) ? trial : listed(trial, list);
  const keys = parsePath(path);
  const set = base && keys && replacePath(base, keys, value);
  if (!set) throw new ExperimentError(path, value, 'a path of the document');
  return set;
}

/** What a document may give as something else or leave out, and an axis turns into one number. */
const MADE_NUMBERS: readonly string[] = [
  'optimizer.batch',
  'optimizer.learningRate',
  'optimizer.learningRateNorm',
];

/** Whether a parameter is one number in this document, or may be made one. */
export function isNumeric(trial: TrialDocument, path: string): boolean {
  if (SHAPE_PARAMETERS.includes(path)) return trial.model.hidden.length > 0;
  if (MADE_NUMBERS.includes(path)) return true;
  const keys = parsePath(path) ?? [];
  const entries = LAYER_LISTS.get(listOf(path))?.(trial);
  return typeof (entries ? getPath(entries, keys.slice(-1)) : getPath(trial, keys)) === 'number';
}

export interface Grid {
  arms: number;
  replicates: number;
  nx: number;
  ny: number;
  /** Points of one map. */
  cells: number;
  trials: number;
}

export interface TrialCell {
  arm: number;
  replicate: number;
  iy: number;
  ix: number;
}

export function gridOf({ arms, replicates, axes }: Pick<Experiment, 'arms' | 'replicates' | 'axes'>): Grid {
  const nx = axes.x.count;
  const ny = axes.y?.count ?? 1;
  return {
    arms: arms.length,
    replicates,
    nx,
    ny,
    cells: nx * ny,
    trials: arms.length * replicates * nx * ny,
  };
}

/** Trials are ordered by arm, replicate, iy, ix. */
export function trialIndex(
  { replicates, nx, ny }: Pick<Grid, 'replicates' | 'nx' | 'ny'>,
  { arm, replicate, iy, ix }: TrialCell,
): number {
  return ((arm * replicates + replicate) * ny + iy) * nx + ix;
}

export function cellOf({ replicates, nx, ny }: Grid, index: number): TrialCell {
  const row = Math.floor(index / nx);
  const map = Math.floor(row / ny);
  return { arm: Math.floor(map / replicates), replicate: map % replicates, iy: row % ny, ix: index % nx };
}
