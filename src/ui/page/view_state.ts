import { sealed, unsealed } from '../../experiment/link_seal';
import { decodeExperiment, encodeExperiment, linkParts } from '../../experiment/url';
import { ExperimentError, type Experiment } from '../../experiment/types';
import { DEFAULT_SIZE, KERNEL_SIZES } from '../../bench/kernel_sizes';
import { DEFAULT_MEMORY, mebibytes } from '../../scheduler/memory';
import { parseGridChoice, type GridChoice } from '../../service/grid_choice';
import { MEMORY_ALLOWED, parseMemory } from '../../service/memory_choice';
import { COLOURINGS, type Colouring } from '../../view/colouring';
import { PALETTES } from '../../view/palettes';

export const TABS = [
  { id: 'map', name: 'Map' },
  { id: 'kernels', name: 'Kernels' },
] as const;
export type Tab = (typeof TABS)[number]['id'];

/** `system` follows the machine's own setting. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Everything that a link to the page holds. */
export interface ViewState {
  tab: Tab;
  experiment: Experiment;
  grid: GridChoice;
  /** Bytes of GPU memory that a sweep may take. */
  memory: number;
  palette: string;
  /** What the maps of the arms are coloured by. */
  colouring: Colouring;
  theme: Theme;
  /** On which the kernels are measured. */
  size: string;
  /** The pinned cell by the values of its axes, so that it stays in place on a finer grid. */
  at: { x: number; y?: number } | undefined;
}

/** Marks what belongs to the view; no path of a document begins so. */
const PREFIX = 'view.';
const KEYS = ['grid', 'memory', 'palette', 'colour', 'theme', 'size', 'at'].map((key) => PREFIX + key);
const FIRST = 'preset=init-gain';

/** The fragment of a link, with `#`. What is as on first open is left out. */
export function encodeView({
  tab,
  experiment,
  grid,
  memory,
  palette,
  colouring,
  theme,
  size,
  at,
}: ViewState): string {
  const view = {
    grid: grid === 'auto' ? '' : String(grid),
    memory: memory === DEFAULT_MEMORY ? '' : String(mebibytes(memory)),
    palette: palette === PALETTES[0].id ? '' : palette,
    colour: colouring === COLOURINGS[0] ? '' : colouring,
    theme: theme === 'system' ? '' : theme,
    size: size === DEFAULT_SIZE ? '' : size,
    at: at ? [at.x, ...(at.y === undefined ? [] : [at.y])].map(short).join(',') : '',
  };
  const parts = Object.entries(view).filter(([, value]) => value !== '');
  const query = [encodeExperiment(experiment), ...parts.map(([key, value]) => `${PREFIX}${key}=${value}`)];
  return `#${tab}?${sealed(query.join('&'))}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/**
 * The state that a fragment names; the first preset for an empty one.
 * @throws ExperimentError for a fragment that `encodeView` cannot have made, DamagedLinkError for what is left of one
 */
export function decodeView(hash: string): ViewState {
  const [, tab = '', query = ''] = /^#?([^?]*)\??(.*)$/s.exec(unsealed(hash)) ?? [];
  const parts = query.split('&').filter(Boolean);
  const experiment = parts.filter((part) => !part.startsWith(PREFIX)).join('&') || FIRST;
  const own = parts.filter((part) => part.startsWith(PREFIX)).join('&');
  const view = new Map(own === '' ? [] : linkParts(own));
  const unknown = [...view.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new ExperimentError(unknown, view.get(unknown), KEYS.join(', '));
  return {
    tab: one(
      'tab',
      tab || 'map',
      TABS.map(({ id }) => id),
    ),
    experiment: decodeExperiment(experiment),
    // A link that names its own counts, as a file does, means them.
    grid: parseViewGrid(
      view.get('view.grid') ?? (/^document=|\.count=/.test(experiment) ? 'document' : 'auto'),
    ),
    memory: parseViewMemory(view.get('view.memory')),
    palette: one(
      'view.palette',
      view.get('view.palette') ?? PALETTES[0].id,
      PALETTES.map(({ id }) => id),
    ),
    colouring: one('view.colour', view.get('view.colour') ?? COLOURINGS[0], COLOURINGS),
    theme: one('view.theme', view.get('view.theme') ?? 'system', THEMES),
    size: one(
      'view.size',
      view.get('view.size') ?? DEFAULT_SIZE,
      KERNEL_SIZES.map(({ id }) => id),
    ),
    at: parseAt(view.get('view.at')),
  };
}

function one<T extends string>(path: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined)
    throw new ExperimentError(path, value, allowed.map((name) => `"${name}"`).join(', '));
  return found;
}

/** @throws ExperimentError for what is no choice of a grid */
export function parseViewGrid(text: string): GridChoice {
  const grid = parseGridChoice(text);
  if (grid === undefined) throw new ExperimentError('view.grid', text, '"auto", "document" or 1 to 1024');
  return grid;
}

/** @throws ExperimentError for what is no number of MiB that is allowed */
export function parseViewMemory(text: string | undefined): number {
  const memory = text === undefined ? DEFAULT_MEMORY : parseMemory(text);
  if (memory === undefined) throw new ExperimentError('view.memory', text, MEMORY_ALLOWED);
  return memory;
}

function parseAt(text: string | undefined): ViewState['at'] {
  if (text === undefined) return undefined;
  const values = text.split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  const [x, y] = values;
  if (x === undefined || values.length > 2 || values.some((value) => !Number.isFinite(value)))
    throw new ExperimentError('view.at', text, 'one number for each axis, with a comma between');
  return y === undefined ? { x } : { x, y };
}
