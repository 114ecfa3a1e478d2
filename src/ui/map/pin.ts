import type { Axis, Experiment } from '../../experiment/types';
import { baseValue } from '../../view/headline';

/** A cell by the values of its axes, so that it stays in place on a finer grid. */
export interface Pin {
  readonly x: number;
  readonly y?: number;
}

/**
 * Where the crosshair stands after an edit: it goes with its parameters when the axes change places, to a value that was entered for
 * what an axis sweeps, and back to the document's own place when an axis is of something else.
 */
export function movedPin(at: Pin | undefined, before: Experiment, after: Experiment): Pin | undefined {
  if (!at) return undefined;
  const value = ({ parameter }: Axis): number | undefined => {
    const entered = baseValue(after, parameter);
    if (entered !== baseValue(before, parameter)) return entered;
    return before.axes.x.parameter === parameter
      ? at.x
      : before.axes.y?.parameter === parameter
        ? at.y
        : undefined;
  };
  const { x: across, y: upwards } = after.axes;
  const x = value(across);
  if (x === undefined || !upwards) return x === undefined ? undefined : { x };
  const y = value(upwards);
  return y === undefined ? undefined : { x, y };
}
