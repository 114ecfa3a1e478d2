/** Pixels of the screen from one line of a hatching to the next. */
const DISTANCE = 6;

/**
 * Hatches some cells of a map, in pixels of the screen, so that it reads the same on a coarse grid and a fine one.
 * @param over a canvas that lies over the map; it is left clear where nothing is to be hatched
 * @param cells (ny × nx), opaque where a cell is to be hatched
 */
export function hatch(over: HTMLCanvasElement, map: HTMLCanvasElement, cells: ImageData): void {
  const isNeeded = new Uint32Array(cells.data.buffer).some(Boolean);
  over.hidden = !isNeeded;
  const context = isNeeded ? over.getContext('2d', { willReadFrequently: true }) : undefined;
  if (!context) return;
  const { width, height } = map.getBoundingClientRect();
  over.width = Math.max(1, Math.round(width * devicePixelRatio));
  over.height = Math.max(1, Math.round(height * devicePixelRatio));
  const mask = new OffscreenCanvas(cells.width, cells.height);
  mask.getContext('2d')?.putImageData(cells, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(mask, 0, 0, over.width, over.height);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = '#ffffff66'; // pales
  context.fillRect(0, 0, over.width, over.height);
  context.globalCompositeOperation = 'source-atop';
  context.strokeStyle = '#00000088';
  context.lineWidth = devicePixelRatio;
  const step = DISTANCE * devicePixelRatio;
  context.beginPath();
  for (let x = -over.height; x < over.width; x += step) {
    context.moveTo(x, over.height);
    context.lineTo(x + over.height, 0);
  }
  context.stroke();
}
