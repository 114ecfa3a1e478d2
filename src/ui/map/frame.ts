import type { Zoom } from '../../experiment/zoom';
import type { Place } from '../../view/place';
import type { Gesture } from './gestures';
import { isWhole } from './viewport';

/** The frame of a view on a picture of the whole map: its corners. */
export interface Frame {
  readonly from: Place;
  readonly to: Place;
}

/** @param isTall whether there is a second axis; where there is none a view has the whole height */
export function frameOf({ x, y }: Zoom, isTall: boolean): Frame {
  const [halfX, halfY] = [2 ** -x.level / 2, 2 ** -y.level / 2];
  const [low, high] = isTall ? [y.centre - halfY, y.centre + halfY] : [0, 1];
  return { from: { x: x.centre - halfX, y: low }, to: { x: x.centre + halfX, y: high } };
}

/** What lies within two corners, whichever they are. */
export function frameBetween(one: Place, other: Place, isTall: boolean): Frame {
  const [left, right] = [one.x, other.x].sort((a, b) => a - b) as [number, number];
  const [low, high] = [one.y, other.y].sort((a, b) => a - b) as [number, number];
  return { from: { x: left, y: isTall ? low : 0 }, to: { x: right, y: isTall ? high : 1 } };
}

/**
 * Whether a view's frame can be taken hold of at a place. That of the whole map cannot: there is nowhere to drag it.
 * @param grip how far beyond it, in shares of the whole
 */
export function isHeld(zoom: Zoom, isTall: boolean, place: Place, grip: Place): boolean {
  const { from, to } = frameOf(zoom, isTall);
  return (
    !isWhole(zoom) &&
    (['x', 'y'] as const).every(
      (name) => place[name] >= from[name] - grip[name] && place[name] <= to[name] + grip[name],
    )
  );
}

/** The gesture on the maps that puts the middle of the view elsewhere on the whole. */
export function centring(zoom: Zoom, place: Place): Gesture {
  const { x, y } = seenFrom(zoom, place);
  return { kind: 'pan', by: { x: x - 0.5, y: y - 0.5 } };
}

/** The gesture on the maps that moves the view by what lies between two places of the whole. */
export function panning(zoom: Zoom, from: Place, to: Place): Gesture {
  return {
    kind: 'pan',
    by: { x: (to.x - from.x) * 2 ** zoom.x.level, y: (to.y - from.y) * 2 ** zoom.y.level },
  };
}

/** The gesture on the maps that shows what lies between two places of the whole. */
export function boxing(zoom: Zoom, from: Place, to: Place): Gesture {
  return { kind: 'box', from: seenFrom(zoom, from), to: seenFrom(zoom, to) };
}

/** A place of the whole map in shares of what is seen, 0 to 1 within it. */
function seenFrom({ x, y }: Zoom, place: Place): Place {
  return {
    x: 0.5 + (place.x - x.centre) * 2 ** x.level,
    y: 0.5 + (place.y - y.centre) * 2 ** y.level,
  };
}
