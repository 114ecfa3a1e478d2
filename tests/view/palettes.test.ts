import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  DIFFERENCE_COLOURS,
  PALETTES,
  pixel,
  oklchToRgb,
  rampColours,
  type Rgb,
} from '../../src/view/palettes';

const THEME = readFileSync('src/ui/page/theme.css', 'utf8');

type Matrix = readonly (readonly [number, number, number])[];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const SIGHT: Readonly<Record<string, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function oklab(rgb: Rgb, sight: Matrix): [number, number, number] {
  const linear = rgb.map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const [r = 0, g = 0, b = 0] = sight.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, i) => sum + weight * linear[i]!, 0),
      ),
    ),
  );
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function nearest(these: readonly Rgb[], those: readonly Rgb[], sight: Matrix): number {
  const others = those.map((colour) => oklab(colour, sight));
  return Math.min(
    ...these.flatMap((colour) => {
      const at = oklab(colour, sight);
      return others.map((other) => Math.hypot(...at.map((value, i) => value - other[i]!)));
    }),
  );
}

describe.each(PALETTES)('$name', (palette) => {
  test.each(['converged', 'diverged', 'slow'] as const)('lightness of %s grows in even steps', (ramp) => {
    const lightness = rampColours(palette[ramp], 17).map((colour) => oklab(colour, SIGHT['full']!)[0]);
    const steps = lightness.slice(1).map((value, i) => value - lightness[i]!);
    const mean = steps.reduce((sum, step) => sum + step) / steps.length;
    for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.3 * mean);
  });

  test.each(Object.entries(SIGHT))('classes stay apart with %s sight', (_, sight) => {
    const converged = rampColours(palette.converged, 33);
    const diverged = rampColours(palette.diverged, 33);
    expect(nearest(converged, diverged, sight)).toBeGreaterThan(0.08);
    const slow = rampColours(palette.slow, 33);
    expect(nearest(slow, [...converged, ...diverged], sight)).toBeGreaterThan(0.04);
    const flat = (['stuck', 'risen', 'already', 'dead'] as const).map((name) => oklchToRgb(palette[name]));
    for (const [at, colour] of flat.entries())
      expect(
        nearest([colour], [...converged, ...diverged, ...slow, ...flat.toSpliced(at, 1)], sight),
      ).toBeGreaterThan(0.04);
  });
});

test.each(Object.entries(SIGHT))('the differences stay apart with %s sight', (_, sight) => {
  const colours = Object.values(DIFFERENCE_COLOURS);
  for (const [i, colour] of colours.entries())
    expect(nearest([colour], colours.slice(i + 1).concat(colours.slice(0, i)), sight)).toBeGreaterThan(0.1);
});

/** As theme.css has them. */
function armColours(): Rgb[] {
  const found = THEME.matchAll(/--arm-[01]: #(..)(..)(..);/g);
  return Array.from(
    found,
    ([, ...parts]) => parts.map((part) => Number.parseInt(part, 16)) as unknown as Rgb,
  );
}

test('arms, outcomes and differences are three families: no colour of one is near one of another', () => {
  const [{ converged, diverged }] = PALETTES;
  const full = SIGHT['full']!;
  const outcomes = [...rampColours(converged, 33), ...rampColours(diverged, 33)];
  const differences = [DIFFERENCE_COLOURS.rescued, DIFFERENCE_COLOURS.broken];
  const arms = armColours();
  expect(arms).toHaveLength(4);
  expect(nearest(arms, outcomes, full)).toBeGreaterThan(0.05);
  expect(nearest(arms, differences, full)).toBeGreaterThan(0.08);
  expect(nearest(differences, outcomes, full)).toBeGreaterThan(0.08);
});

test('a pixel is opaque, red first in memory', () => {
  expect([...new Uint8Array(Uint32Array.of(pixel([1, 2, 3])).buffer)]).toEqual([1, 2, 3, 255]);
});
