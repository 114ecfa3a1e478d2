import { stateAt } from '../../view/difference';
import { boundaryMask, contour, sidesOf } from '../../view/boundary';
import { boxCounts, boxDimension, type BoxCount } from '../../view/box_count';
import { edgeSlope, type EdgeSlope } from '../../view/edge_slope';
import type { LineFit } from '../../view/line_fit';
import { shownResults, type Run } from '../map/run';

/** The boundary between what trains and what does not in an arm. */
export interface Boundary {
  /** As a path of SVG in units of cells. */
  readonly path: string;
  readonly counts: readonly BoxCount[];
  /** Its box-count dimension, where there are enough cells to tell. */
  readonly dimension: LineFit | undefined;
}

/** Those of the arms. */
export function boundariesOf(run: Run): readonly Boundary[] {
  const { table, grid } = shownResults(run);
  return run.experiment.arms.map((_, arm) => {
    const sides = sidesOf(table, grid, arm);
    const counts = boxCounts(boundaryMask(sides));
    return { path: contour(sides), counts, dimension: boxDimension(counts) };
  });
}

/** Slopes of the divergence edges of the arms, where the map is one of gain by learning rate. */
export function edgeSlopesOf(run: Run): readonly (EdgeSlope | undefined)[] {
  const { table, grid } = shownResults(run);
  return run.experiment.arms.map((_, arm) =>
    edgeSlope(run.experiment, (ix, iy) => stateAt(table, grid, arm, ix, iy)),
  );
}
