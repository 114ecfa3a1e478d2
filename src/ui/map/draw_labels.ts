import { cssColour, type Rgb } from '../../view/palettes';
import type { Label, LabelledMap, Region, Swatch } from '../../view/map_labels';

/** As on the page in its light theme, which is that of paper. */
const TEXT = '#1c1f23';
const QUIET = '#5b626b';
const FONT = "'Inter Variable', system-ui, sans-serif";

/**
 * Draws a part of what stands around a picture of maps, on white.
 * @returns (height × width) RGBA
 * @throws Error where the browser has no memory for it
 */
export function drawLabels({ labels, swatches }: LabelledMap, region: Region): Uint8ClampedArray {
  const { x, y, width, height } = region;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser has no canvas for its labels.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.translate(-x, -y);
  for (const swatch of swatches) drawSwatch(context, swatch);
  for (const label of labels) drawLabel(context, label);
  return context.getImageData(0, 0, width, height).data;
}

function drawSwatch(
  context: OffscreenCanvasRenderingContext2D,
  { x, y, width, height, colours }: Swatch,
): void {
  const [first, ...others] = colours as readonly [Rgb, ...Rgb[]];
  context.fillStyle = cssColour(first);
  if (others.length > 0) {
    const ramp = context.createLinearGradient(x, 0, x + width, 0);
    for (const [at, colour] of colours.entries()) ramp.addColorStop(at / others.length, cssColour(colour));
    context.fillStyle = ramp;
  }
  context.fillRect(x, y, width, height);
}

function drawLabel(context: OffscreenCanvasRenderingContext2D, label: Label): void {
  const { x, y, size, align, raised = '', isBold, isQuiet, isUpright, most } = label;
  const font = (height: number) => `${isBold ? 600 : 400} ${height}px ${FONT}`;
  const widthOf = (text: string, height: number) => {
    context.font = font(height);
    return context.measureText(text).width;
  };
  const small = 0.75 * size;
  const text = shortened(label.text, most, (part) => widthOf(part, size));
  const [plain, above] = [widthOf(text, size), raised ? widthOf(raised, small) : 0];
  const start = { left: 0, center: -(plain + above) / 2, right: -(plain + above) }[align];
  context.save();
  context.translate(x, y);
  if (isUpright) context.rotate(-Math.PI / 2);
  context.fillStyle = isQuiet ? QUIET : TEXT;
  context.textBaseline = 'middle';
  context.font = font(size);
  context.fillText(text, start, 0);
  context.font = font(small);
  context.fillText(raised, start + plain, -0.45 * size);
  context.restore();
}

/** The text, or as much of it as there is room for. */
function shortened(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const letters = Array.from(text);
  while (letters.length > 0 && widthOf(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('')}…`;
}
