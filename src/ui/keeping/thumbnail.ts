/** Pixels of a map in a thumbnail, and between two of them. */
const WIDTH = 72;
const HEIGHT = 54;
const GAP = 2;

/** A small picture of maps side by side, as the data URL of a PNG; transparent where nothing is known. */
export function thumbnail(maps: readonly HTMLCanvasElement[]): string {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: maps.length * (WIDTH + GAP) - GAP, height: HEIGHT });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  for (const [at, map] of maps.entries()) context?.drawImage(map, at * (WIDTH + GAP), 0, WIDTH, HEIGHT);
  return canvas.toDataURL('image/png');
}
