import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import { presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import { labelWidth } from '../../src/view/axis_ticks';
import { legendRows } from '../../src/view/legend_rows';
import { framed, labelledMap, type Label, type LabelledMap, type Region } from '../../src/view/map_labels';
import { PALETTES } from '../../src/view/palettes';
import { decodePng, pictureOf, pixel, pngFile } from '../decode_png';

const chain = presetExperiment('chain');
const [palette] = PALETTES;
const legend = { palette, colouring: 'outcome', rule: chain.rule, activation: 'identity' } as const;
const RAMP = {
  name: 'mean loss',
  colours: [[0, 0, 0] as const, [9, 9, 9] as const],
  range: [0.5, 0.01] as const,
};

/** Labels of maps whose panels are so wide and high. */
function labelled(experiment: Experiment, width: number, height: number): LabelledMap {
  const panels = experiment.arms.length + (experiment.arms.length > 1 ? 1 : 0);
  const picture = { width: panels * width + (panels - 1) * 16, height, rows: () => [] };
  return labelledMap(picture, { experiment, rows: legendRows(legend, () => 1), ramp: RAMP });
}

const texts = ({ labels }: LabelledMap) =>
  labels.map(({ text, raised }) => (raised ? `${text}^${raised}` : text));

/** The room that a label takes, about. */
function boxOf({ text, raised, x, y, size, align, isUpright, most }: Label): Region {
  const width = Math.min(most, (labelWidth(raised ? `${text}^${raised}` : text) * size) / 11);
  const from = { left: 0, center: -width / 2, right: -width }[align];
  return isUpright
    ? { x: x - size / 2, y: y + from, width: size, height: width }
    : { x: x + from, y: y - size / 2, width, height: size };
}

const without = (experiment: Experiment, part: (document: Record<string, unknown>) => unknown) =>
  parseExperiment(part(JSON.parse(JSON.stringify(experiment)) as Record<string, unknown>));
const oneAxis = without(chain, ({ axes, ...others }) => ({
  ...others,
  axes: { x: (axes as Experiment['axes']).x },
}));
const oneArm = without(chain, (document) => ({ ...document, arms: [{ name: 'plain', set: {} }] }));

describe.each([
  ['two arms', chain, 480, 480],
  ['two arms, large', chain, 1024, 1024],
  ['two arms, small', chain, 256, 256],
  ['one axis', oneAxis, 480, 480],
  ['one arm', oneArm, 480, 480],
])('%s', (_, experiment, width, height) => {
  const layout = labelled(experiment, width, height);

  test('all labels stand in the picture, beside the maps and one another', () => {
    const boxes = layout.labels.map(boxOf);
    const { map } = layout;
    const overlap = (a: Region, b: Region) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    for (const [at, box] of boxes.entries()) {
      const text = layout.labels[at]!.text;
      expect(box.x, text).toBeGreaterThanOrEqual(0);
      expect(box.y, text).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, text).toBeLessThanOrEqual(layout.width);
      expect(box.y + box.height, text).toBeLessThanOrEqual(layout.height);
      expect(overlap(box, map), text).toBe(false);
      for (const [other, b] of boxes.slice(at + 1).entries())
        expect(overlap(box, b), `${text} and ${texts(layout)[at + 1 + other]}`).toBe(false);
    }
  });

  test('name the experiment, its arms and axes, and tell the ramp’s ends', () => {
    const all = texts(layout);
    const { arms, axes } = experiment;
    expect(all).toEqual(
      expect.arrayContaining(['Goodfellow’s chain', 'learning rate η', '10^−3', '0.5', '0.01']),
    );
    expect(all.includes('initial gain')).toBe(axes.y !== undefined);
    expect(all).toEqual(
      expect.arrayContaining(
        arms.length > 1
          ? ['Without batch norm', 'With batch norm', 'Difference', 'rescued: trains only with batch norm']
          : ['Plain'],
      ),
    );
    expect(all).toContain('dead: blew up, whatever came after');
  });
});

test('the picture stands unchanged where the layout says, and what is drawn stands around it', () => {
  const [width, height] = [3 * 60 + 2 * 16, 8];
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (7 * i) % 256);
  const picture = pictureOf({ width, height, rgb });
  const layout = labelledMap(picture, { experiment: chain, rows: [], ramp: undefined });
  const asked: Region[] = [];
  const file = pngFile(
    framed(picture, layout, (region) => {
      asked.push(region);
      // Red and green tell the place.
      const { x, y } = region;
      return Uint8ClampedArray.from({ length: 4 * region.width * region.height }, (_, i) => {
        const at = Math.floor(i / 4);
        return [(x + (at % region.width)) % 256, (y + Math.floor(at / region.width)) % 256, 0, 255][i % 4]!;
      });
    }),
  );
  const decoded = decodePng(file);
  const { map } = layout;
  expect([decoded.width, decoded.height]).toEqual([layout.width, layout.height]);
  for (let y = 0; y < layout.height; y += 1)
    for (let x = 0; x < layout.width; x += 1) {
      const [inX, inY] = [x - map.x, y - map.y];
      const isMap = inX >= 0 && inX < width && inY >= 0 && inY < height;
      const from = 3 * (inY * width + inX);
      expect(pixel(decoded, x, y)).toEqual(isMap ? [...rgb.subarray(from, from + 3)] : [x % 256, y % 256, 0]);
    }
  expect(asked).toHaveLength(4);
});
