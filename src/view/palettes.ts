/** Colours as [lightness 0–1, chroma, hue in degrees] of OKLCH, in which equal steps look equally large. */
type Oklch = readonly [lightness: number, chroma: number, hue: number];
export type Rgb = readonly [red: number, green: number, blue: number];

interface Ramp {
  from: Oklch;
  to: Oklch;
}

/** Colours of outcomes. Those of arms (theme.css) and of differences are other families, so that none is taken for another. */
export interface Palette {
  id: string;
  name: string;
  /** Poorly trained to well trained. */
  converged: Ramp;
  /** Diverged at once to diverged late. */
  diverged: Ramp;
  /** Not come far to nearly there. */
  slow: Ramp;
  stuck: Oklch;
  /** Stuck with a loss above the initial one. */
  risen: Oklch;
  already: Oklch;
  dead: Oklch;
  /** The least to the most of an outcome's column. */
  amount: Ramp;
}

/** Colours that all palettes share: neutral, or unlike any ramp. */
const OTHERS = {
  slow: { from: [0.57, 0.015, 130], to: [0.74, 0.02, 130] },
  stuck: [0.5, 0.006, 260],
  risen: [0.41, 0.006, 260],
  already: [0.84, 0.06, 138],
  dead: [0.14, 0.02, 340],
  amount: { from: [0.97, 0.02, 200], to: [0.3, 0.07, 230] },
} as const;

/** The first is the default. Blue against orange, and gold against slate, stay apart for every common colour blindness. */
export const PALETTES: readonly [Palette, ...Palette[]] = [
  {
    id: 'lagoon',
    name: 'Blue and orange',
    converged: { from: [0.36, 0.13, 268], to: [0.93, 0.06, 205] },
    diverged: { from: [0.34, 0.1, 35], to: [0.76, 0.15, 62] },
    ...OTHERS,
  },
  {
    id: 'orchid',
    name: 'Gold and slate',
    converged: { from: [0.6, 0.1, 85], to: [0.96, 0.12, 102] },
    diverged: { from: [0.28, 0.09, 265], to: [0.56, 0.12, 262] },
    ...OTHERS,
  },
];

export function paletteOf(id: string): Palette {
  return PALETTES.find((palette) => palette.id === id) ?? PALETTES[0];
}

/** Steps of a ramp that a map draws with. */
export const RAMP_STEPS = 128;

/** Colours of both ramps, evenly spaced in OKLCH. */
export function rampColours({ from, to }: Ramp, steps = RAMP_STEPS): Rgb[] {
  return Array.from({ length: steps }, (_, i) => {
    const t = i / (steps - 1);
    return oklchToRgb([mix(from[0], to[0], t), mix(from[1], to[1], t), mix(from[2], to[2], t)]);
  });
}

/** How two arms differ in a cell: colours of the third map. */
export const DIFFERENCE_COLOURS = {
  rescued: oklchToRgb([0.74, 0.15, 145]),
  broken: oklchToRgb([0.55, 0.19, 352]),
  both: oklchToRgb([0.95, 0.025, 150]),
  neither: oklchToRgb([0.32, 0.02, 260]),
} as const;

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** As one opaque little-endian pixel of an ImageData. */
export function pixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** sRGB, 0 to 255, clipped to the gamut. https://bottosson.github.io/posts/oklab/ */
export function oklchToRgb([lightness, chroma, hue]: Oklch): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encode(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * gamma);
}

function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
