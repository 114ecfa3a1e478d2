import { axisValues } from '../experiment/axes';
import { axisPosition } from './axis_ticks';
import { getPath, parsePath } from '../experiment/path';
import type { Axis, Experiment } from '../experiment/types';
import { rangeOf, type EdgeLine, type Edges, type FoundEdge } from '../scheduler/edge_finder';
import { edgeOf, isSharp, type Bracket } from '../scheduler/edge_search';
import { trains, type TrialState } from '../training/outcome';
import { isLearningRate } from './parameter_names';

/** A cell of the map. */
export interface Cell {
  ix: number;
  iy: number;
}

/** What is known of a number that differs from seed to seed. */
export type Spread =
  | { readonly kind: 'unknown' }
  /** Between two values; not sharp yet. */
  | { readonly kind: 'between'; readonly low: number; readonly high: number }
  /** The median over seeds, and the quartiles. */
  | { readonly kind: 'found'; readonly median: number; readonly low: number; readonly high: number };

export interface ArmRate {
  /** The rate up to which all that were tried train; 0: none trains, ∞: even the axis's largest does. */
  readonly all: Spread;
  /** The largest that trains at all, where that is clearly more. */
  readonly any: number | undefined;
  /** Whether nothing was learned: the loss was below the target before any training. */
  readonly already: boolean;
}

export interface Headline {
  /** The axis that is a learning rate. */
  readonly along: Axis;
  /** The largest rate that was tried. */
  readonly most: number;
  /** Where the line through the map lies on the other axis. */
  readonly at: { readonly parameter: string; readonly value: number } | undefined;
  readonly arms: readonly ArmRate[];
  /** Second arm's rate over the first's; `bound` where the end of the axis hides part of it. */
  readonly ratio: { readonly spread: Spread; readonly bound: '' | '≥' | '≤' | '?' } | undefined;
  /** How many seeds the numbers are over. */
  readonly seeds: number;
}

/** The document's own value of a parameter, as an axis would set it. */
export function baseValue(experiment: Experiment, parameter: string): number | undefined {
  const { model, optimizer } = experiment;
  if (parameter === 'model.depth') return model.hidden.length;
  if (parameter === 'model.width') return model.hidden[0];
  if (parameter.startsWith('optimizer.learningRate[') && typeof optimizer.learningRate === 'number')
    return optimizer.learningRate;
  const value = getPath(experiment, parsePath(parameter) ?? []);
  return typeof value === 'number' ? value : undefined;
}

/** The index of the axis' point nearest to a value, in the axis' scale. */
export function nearestIndex(axis: Axis, value: number): number {
  const measure = (x: number) => (axis.scale === 'log' ? Math.log(x) : x);
  const distances = Array.from(axisValues(axis), (point) => Math.abs(measure(point) - measure(value)));
  const nearest = distances.indexOf(Math.min(...distances));
  return nearest < 0 ? axis.count >> 1 : nearest;
}

/** Whether a value lies on the part of an axis that its points show, half a cell beyond their ends included. */
export function isInView(axis: Axis, value: number): boolean {
  const position = axisPosition(axis, value);
  return !axis.zoom || (position >= 0 && position <= 1);
}

/** Where the document itself lies on its map; the middle where it has no such value, or its value is not shown. */
export function baseCell(experiment: Experiment): Cell {
  const index = (axis: Axis | undefined) => {
    if (!axis) return 0;
    const value = baseValue(experiment, axis.parameter);
    return value === undefined || !isInView(axis, value) ? axis.count >> 1 : nearestIndex(axis, value);
  };
  return { ix: index(experiment.axes.x), iy: index(experiment.axes.y) };
}

/**
 * The line of the headline through a cell: along the axis that is a learning rate, if one is.
 * @param exact the place that was asked for, of which the cell is the nearest, so that the line is the same on every grid
 */
export function lineThrough(
  { axes }: Experiment,
  cell: Cell,
  exact: { x?: number | undefined; y?: number | undefined } = {},
): EdgeLine | undefined {
  const { x, y } = axes;
  if (isLearningRate(x.parameter))
    return { along: 'x', across: y && within(y, exact.y ?? axisValues(y)[cell.iy]!) };
  if (y && isLearningRate(y.parameter))
    return { along: 'y', across: within(x, exact.x ?? axisValues(x)[cell.ix]!) };
  return undefined;
}

/** The nearest value within the ends of an axis. */
function within({ from, to }: Axis, value: number): number {
  return Math.min(Math.max(from, to), Math.max(Math.min(from, to), value));
}

/**
 * The largest learning rate that trains, on a line of the map.
 * @param found by the search along the line; before there is one, the interval is read off the cells of the map
 * @param stateAt the state of an arm's cell, or nothing while it is not known
 */
export function headline(
  experiment: Experiment,
  line: EdgeLine,
  cell: Cell,
  found: Edges | undefined,
  stateAt: (arm: number, cell: Cell) => TrialState | undefined,
): Headline {
  const { x, y } = experiment.axes;
  const along = line.along === 'x' ? x : y!;
  const across = line.along === 'x' ? y : x;
  const most = rangeOf(along)?.to ?? Number.NaN;
  const edges =
    (found && told(found)) ??
    experiment.arms.map((_, arm) => {
      // A part of the axis does not tell where on the whole the edge lies.
      const edge = along.zoom ? undefined : edgeOnMap(line, cell, along, (at) => stateAt(arm, at));
      return edge ? [edge] : [];
    });
  return {
    along,
    most,
    at: across && { parameter: across.parameter, value: line.across! },
    arms: edges.map(armRate),
    ratio: edges.length > 1 ? ratioOf(edges[0]!, edges[1]!, most) : undefined,
    seeds: edges[0]!.length,
  };
}

type Known = FoundEdge | 'none';

const UNKNOWN: Spread = { kind: 'unknown' };

/** Of the first seed alone, until all are sharp. */
function told(found: Edges): Edges {
  const isKnown = (edge: Known) => edge === 'none' || (isSharp(edge.all) && isSharp(edge.any));
  return found.every((arm) => arm.every(isKnown)) ? found : found.map((arm) => arm.slice(0, 1));
}

/** What the cells of a line tell, each a rate that was tried; nothing while those that are missing could be the only ones that train. */
function edgeOnMap(
  { along }: EdgeLine,
  cell: Cell,
  axis: Axis,
  stateAt: (cell: Cell) => TrialState | undefined,
): Known | undefined {
  const states = Array.from(axisValues(axis), (rate, i) => ({
    rate,
    state: stateAt(along === 'x' ? { ix: i, iy: cell.iy } : { ix: cell.ix, iy: i }),
  })).sort((a, b) => a.rate - b.rate);
  const tried = states.flatMap(({ rate, state }) => (state ? [{ rate, trains: trains(state) }] : []));
  const edge = edgeOf(tried);
  // The end of what has been trained so far is not the end of the axis.
  if (edge && edge.any.high === Infinity && !states.at(-1)!.state) return undefined;
  const already = !states.some(({ state }) => state === 'converged');
  if (edge) return { ...edge, already };
  return tried.length === states.length ? 'none' : undefined;
}

function armRate(edges: Edges[number]): ArmRate {
  const all = spreadOf(edges.map((edge) => (edge === 'none' ? NOWHERE : edge.all)));
  const any = spreadOf(edges.map((edge) => (edge === 'none' ? NOWHERE : edge.any)));
  const isMore = all.kind === 'found' && any.kind === 'found' && any.median > CLEARLY * all.median;
  const already = edges.filter((edge) => edge !== 'none' && edge.already).length > edges.length / 2;
  return { all, any: isMore ? any.median : undefined, already };
}

/** Where no rate trains. */
const NOWHERE: Bracket = { low: 0, high: 0 };
/** How much more the largest rate that trains at all must be, to be worth words. */
const CLEARLY = 1.1;

/** Where an edge lies: the middle of its bracket. */
function middle({ low, high }: Bracket): number {
  return high === Infinity ? Infinity : Math.sqrt(low * high);
}

/** One number a seed; the interval of the first, while it is not sharp. */
function spreadOf(brackets: readonly Bracket[]): Spread {
  const [first] = brackets;
  if (!first) return UNKNOWN;
  if (!isSharp(first)) return { kind: 'between', low: first.low, high: first.high };
  return quartiles(brackets.map(middle));
}

function ratioOf(first: Edges[number], second: Edges[number], most: number): Headline['ratio'] {
  const pairs = first.flatMap((one, seed) => {
    const other = second[seed];
    return other
      ? [{ one: one === 'none' ? NOWHERE : one.all, other: other === 'none' ? NOWHERE : other.all }]
      : [];
  });
  const [pair] = pairs;
  if (!pair) return { spread: UNKNOWN, bound: '' };
  const half = pairs.length / 2;
  const atEnd = (name: 'one' | 'other') =>
    pairs.filter((each) => each[name].high === Infinity).length >= half;
  const bound = atEnd('one') ? (atEnd('other') ? '?' : '≤') : atEnd('other') ? '≥' : '';
  if (!isSharp(pair.one) || !isSharp(pair.other)) {
    const [low, high] = [pair.other.low / pair.one.high, pair.other.high / pair.one.low];
    return { spread: { kind: 'between', low, high }, bound: '' };
  }
  const value = (bracket: Bracket) => Math.min(most, middle(bracket));
  const ratios = pairs
    .map(({ one, other }) => value(other) / value(one))
    .filter((ratio) => !Number.isNaN(ratio)); // neither trains
  return { spread: ratios.length === 0 ? UNKNOWN : quartiles(ratios), bound };
}

function quartiles(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    kind: 'found',
    low: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.75),
  };
}

/** Between two values by their logarithms; the lower one, where either has none. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  const part = at - Math.floor(at);
  return low > 0 && high < Infinity ? low ** (1 - part) * high ** part : low;
}
