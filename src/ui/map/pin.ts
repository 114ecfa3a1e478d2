import { axisValues } from '../../experiment/axes';
import type { Axis, Experiment } from '../../experiment/types';
import { baseValue, isInView, nearestIndex, type Cell } from '../../view/headline';
import { rounded } from '../../view/lasso';

/** A cell by the values of its axes, so that it stays in place on a finer grid. */
export interface Pin {
  readonly x: number;
  readonly y?: number;
}

/** Cells that may be pinned at once: more curves than theirs could not be told apart. */
export const MOST_PINS = 4;

type Axes = Experiment['axes'];

/** The pin at a cell, with the digits that tell it from its neighbours. */
export function pinAt({ x, y }: Axes, { ix, iy }: Cell): Pin {
  const at = (axis: Axis, index: number) => rounded(axis, axisValues(axis)[index]!);
  return { x: at(x, ix), ...(y && { y: at(y, iy) }) };
}

/** The cell of the maps that lies nearest to a pin; nothing where the part of them that is shown has none. */
export function cellOfPin({ x, y }: Axes, pin: Pin): Cell | undefined {
  if (!isInView(x, pin.x) || (y && pin.y !== undefined && !isInView(y, pin.y))) return undefined;
  return { ix: nearestIndex(x, pin.x), iy: y && pin.y !== undefined ? nearestIndex(y, pin.y) : 0 };
}

/**
 * Where a pin stands after an edit: it goes with its parameters when the axes change places, to a value that was entered for
 * what an axis sweeps, and back to the document's own place, as no pin, when an axis is of something else.
 */
export function movedPin(at: Pin, before: Experiment, after: Experiment): Pin | undefined {
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

/** The pins after an edit, each place once. */
export function movedPins(pins: readonly Pin[], before: Experiment, after: Experiment): readonly Pin[] {
  const moved = pins.flatMap((pin) => movedPin(pin, before, after) ?? []);
  return moved.filter(({ x, y }, i) => moved.findIndex((pin) => pin.x === x && pin.y === y) === i);
}
