import { parseExperiment } from '../src/experiment/parse';
import type { TrialClass } from '../src/training/outcome';
import { ENGINES, runSweep } from './sweeps';

/** Where the trials of a sweep over learning rates end to have one of some classes. */
export interface Edge {
  /** The largest learning rate that has one, and the next of the axis. */
  last: number;
  next: number;
  /** Whether all smaller rates have one too. */
  solid: boolean;
}

/** A log axis of `count` learning rates, each `spacing` (a factor) above the last, with `middle` in the middle of a cell. */
export function ratesAbout(middle: number, spacing: number, count: number) {
  const half = spacing ** ((count - 1) / 2);
  return { parameter: 'optimizer.learningRate', scale: 'log', from: middle / half, to: middle * half, count };
}

/**
 * Runs a document whose x axis is the learning rate, and finds the edge of each arm.
 * Throws where an arm has none, since the axis then does not reach what is measured.
 */
export async function findEdges(
  engine: keyof typeof ENGINES,
  document: unknown,
  classes: readonly TrialClass[],
): Promise<Edge[]> {
  const experiment = parseExperiment(document);
  const { source, results } = await runSweep(experiment, ENGINES[engine]);
  const { x, grid } = source;
  return experiment.arms.map(({ name }, arm) => {
    const row = Array.from(x, (_, ix) => results.classOf(arm * grid.nx + ix));
    const inside = row.map((found) => found !== undefined && classes.includes(found));
    const at = inside.lastIndexOf(true);
    if (at < 0 || at === grid.nx - 1) throw new Error(`arm ${name} has no edge: ${row.join(' ')}`);
    return { last: x[at]!, next: x[at + 1]!, solid: inside.indexOf(false) === at + 1 };
  });
}

/** The middle of the cell in which an edge lies, on a log axis. */
export function edgeRate({ last, next }: Edge): number {
  return Math.sqrt(last * next);
}

/** How many cells of a log axis lie between an edge and the learning rate at which it should be. */
export function cellsFrom(edge: Edge, expected: number): number {
  return Math.abs(Math.log(expected / edgeRate(edge))) / Math.log(edge.next / edge.last);
}
