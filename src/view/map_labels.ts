import type { Picture } from '../experiment/png';
import type { Experiment } from '../experiment/types';
import { across, axisTicks, labelWidth, upwards } from './axis_ticks';
import { capitalized } from './capitalized';
import type { Range } from './colouring';
import { differenceRows, type LegendRow } from './legend_rows';
import { GAP } from './map_file';
import { formatNumber } from './number_format';
import type { Rgb } from './palettes';
import { parameterLabel } from './parameter_names';

/** A word or more on a picture. */
export interface Label {
  readonly text: string;
  /** What follows it raised, such as an exponent. */
  readonly raised?: string;
  /** Pixels, of the place from which it goes in `align`'s way, in the middle of its height. */
  readonly x: number;
  readonly y: number;
  /** Pixels. */
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
  readonly isBold?: boolean;
  readonly isQuiet?: boolean;
  /** Read from below. */
  readonly isUpright?: boolean;
  /** Pixels that it may take; what is longer ends in `…`. */
  readonly most: number;
}

/** A rectangle in one colour, or in a ramp from left to right. Pixels. */
export interface Swatch extends Region {
  readonly colours: readonly Rgb[];
}

/** A part of a picture, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of maps with room around it, and what stands there. */
export interface LabelledMap {
  readonly width: number;
  readonly height: number;
  /** Where the picture lies in it. */
  readonly map: Region;
  readonly labels: readonly Label[];
  readonly swatches: readonly Swatch[];
}

/** What the labels say. */
export interface MapLegend {
  readonly experiment: Experiment;
  readonly rows: readonly LegendRow[];
  /** The ramp whose numbers are told, and its ends; nothing where all colours are flat. */
  readonly ramp:
    { readonly name: string; readonly colours: readonly Rgb[]; readonly range: Range } | undefined;
}

/** Pixels of a panel for which the sizes below are meant; they grow with it. */
const USUAL = 440;
/** Lines of the legend that the ramp takes. */
const RAMP_LINES = 2;
const INK: readonly Rgb[] = [[91, 98, 107]];

/**
 * Lays out what a picture of maps needs to be understood alone: names of experiment, arms and axes, ticks, and what the colours mean.
 * @param picture of `drawMap`, with a panel of the difference where there are two arms or more
 */
export function labelledMap(picture: Picture, { experiment, rows, ramp }: MapLegend): LabelledMap {
  const { axes, arms } = experiment;
  const armNames = arms.map(({ name }) => name);
  const names = [...armNames, ...(arms.length > 1 ? ['difference'] : [])].map(capitalized);
  const panel = (picture.width - (names.length - 1) * GAP) / names.length;
  const scale = panel / USUAL;
  const px = (usual: number) => Math.round(usual * scale);
  const xTicks = axisTicks(axes.x, across(panel, scale));
  const yTicks = axes.y ? axisTicks(axes.y, upwards(picture.height, scale)) : [];
  const ticksWidth = Math.max(0, ...yTicks.map(({ label }) => labelWidth(label)));
  const left = px(16 + (axes.y ? 22 + ticksWidth : 0));
  const top = px(64);
  const below = top + picture.height;
  const map = { x: left, y: top, width: picture.width, height: picture.height };

  const labels: Label[] = [
    {
      text: experiment.name || 'Normscape',
      x: left,
      y: px(24),
      size: px(17),
      align: 'left',
      isBold: true,
      most: map.width,
    },
  ];
  const swatches: Swatch[] = [];
  const panels = names.map((name, at) => ({ name, x: left + at * (panel + GAP) }));
  for (const { name, x } of panels) {
    labels.push({ text: name, x, y: px(50), size: px(14), align: 'left', isBold: true, most: panel });
    for (const { label, position, shift } of xTicks) {
      swatches.push({ x: Math.round(x + position * panel), y: below, width: 1, height: px(4), colours: INK });
      const at = {
        x: x + position * panel + shift,
        y: below + px(13),
        size: px(11),
        align: 'center',
      } as const;
      labels.push({ ...split(label), ...at, isQuiet: true, most: panel });
    }
    const axis = { x: x + panel / 2, y: below + px(31), size: px(12), align: 'center', most: panel } as const;
    labels.push({ text: parameterLabel(axes.x.parameter), ...axis });
  }
  if (axes.y) {
    for (const { label, position, shift } of yTicks) {
      const place = below - position * picture.height;
      swatches.push({ x: left - px(4), y: Math.round(place), width: px(4), height: 1, colours: INK });
      const at = { x: left - px(7), y: place - shift, size: px(11), align: 'right' } as const;
      labels.push({ ...split(label), ...at, isQuiet: true, most: left });
    }
    const at = { x: px(14), y: top + picture.height / 2, size: px(12), align: 'center' } as const;
    labels.push({ text: parameterLabel(axes.y.parameter), ...at, isUpright: true, most: picture.height });
  }

  let lowest = below + px(44);
  /** A row of the legend in a panel's column: a swatch, and what it means. */
  const enter = (x: number, y: number, colours: readonly Rgb[], text: string, others = '') => {
    swatches.push({ x, y: y - px(6), width: px(44), height: px(12), colours });
    const at = { x: x + px(54), y, size: px(12), align: 'left' } as const;
    labels.push({ ...at, text: others ? `${text}: ${others}` : text, most: panel - px(54) });
    lowest = Math.max(lowest, y + px(14));
  };
  const line = (at: number) => below + px(58 + 20 * at);
  const [column = left, second] = panels.map(({ x }) => x);
  if (ramp) {
    const [from, to] = ramp.range.map((end) => formatNumber(end)) as [string, string];
    labels.push({ text: ramp.name, x: column, y: line(0), size: px(12), align: 'left', most: panel });
    const number = { y: line(1), size: px(12), isQuiet: true, most: panel } as const;
    labels.push({ ...number, text: from, x: column, align: 'left' });
    labels.push({ ...number, text: to, x: column + px(208), align: 'left' });
    swatches.push({
      x: column + px(60),
      y: line(1) - px(6),
      width: px(140),
      height: px(12),
      colours: ramp.colours,
    });
    lowest = Math.max(lowest, line(1) + px(14));
  }
  // Where the ramp stands under the first panel the rows stand under the second, if there is one.
  const beside = ramp ? second : column;
  for (const [at, { colours, name, words }] of rows.entries())
    enter(beside ?? column, line(beside === undefined ? at + RAMP_LINES : at), colours, name, words);
  if (arms.length > 1)
    for (const [at, { colours, name }] of differenceRows(armNames).entries())
      enter(panels.at(-1)!.x, line(at), colours, name);
  return { width: left + map.width + px(16), height: lowest + px(8), map, labels, swatches };
}

function split(label: string): Pick<Label, 'text' | 'raised'> {
  const [text = '', raised] = label.split('^');
  return raised === undefined ? { text } : { text, raised };
}

/**
 * The picture with its labels around it, row by row as the picture itself comes.
 * @param draw makes (height × width) RGBA of a part of what stands around the picture, on white
 */
export function framed(
  picture: Picture,
  { width, height, map }: LabelledMap,
  draw: (region: Region) => Uint8ClampedArray,
): Picture {
  const right = map.x + map.width;
  const bottom = map.y + map.height;
  function* rows() {
    yield* rowsOf(draw({ x: 0, y: 0, width, height: map.y }), width);
    const before = rowsOf(draw({ x: 0, y: map.y, width: map.x, height: map.height }), map.x);
    const behind = rowsOf(
      draw({ x: right, y: map.y, width: width - right, height: map.height }),
      width - right,
    );
    for (const cells of picture.rows()) {
      const row = new Uint8Array(3 * width);
      row.set(before.next().value!);
      row.set(cells, 3 * map.x);
      row.set(behind.next().value!, 3 * right);
      yield row;
    }
    yield* rowsOf(draw({ x: 0, y: bottom, width, height: height - bottom }), width);
  }
  return { width, height, rows };
}

/** Rows of RGB of what has an alpha that is not looked at. */
function* rowsOf(rgba: Uint8ClampedArray, width: number): Generator<Uint8Array, undefined> {
  for (let from = 0; from < rgba.length; from += 4 * width) {
    const row = new Uint8Array(3 * width);
    for (let x = 0; x < width; x += 1) row.set(rgba.subarray(from + 4 * x, from + 4 * x + 3), 3 * x);
    yield row;
  }
}
