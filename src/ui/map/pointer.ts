import type { Place } from '../../view/place';

/** The place of a map, or of something as large that lies over it, that is under a pointer; beyond it the nearest at its edge. */
export function placeUnder(
  map: Element,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): Place {
  const { left, bottom, width, height } = map.getBoundingClientRect();
  const share = (value: number) => Math.min(1, Math.max(0, value));
  return { x: share((clientX - left) / width), y: share((bottom - clientY) / height) };
}
