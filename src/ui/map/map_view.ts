import { LIMITS } from '../../experiment/document_schema';
import { ExperimentError, type Experiment } from '../../experiment/types';
import { WHOLE_AXIS, WHOLE_MAP, type AxisView, type Zoom } from '../../experiment/zoom';
import { DEFAULT_MEMORY, mebibytes } from '../../scheduler/memory';
import { checkGrid, parseGridChoice, type GridChoice } from '../../service/grid_choice';
import { isEqual } from '../../experiment/same_trials';
import { MEMORY_ALLOWED, parseMemory } from '../../service/memory_choice';
import { STATES, type TrialState } from '../../training/outcome';
import { COLOURINGS, scaleOf, type Colouring, type Range } from '../../view/colouring';
import { TIME_AXES, type TimeAxis } from '../../view/curves';
import { MOST_CORNERS, type Corner } from '../../view/lasso';
import { PALETTES } from '../../view/palettes';
import { QUANTITIES, type LayerChoice, type Quantity } from '../../view/trial_curves';
import { choice, onOff, PREFIX, type LinkSettings } from '../page/link_settings';
import type { Source } from '../page/tab';
import { MOST_PINS, movedPins, type Pin } from './pin';

/** The most weight layers that a model may have. */
const MOST_LAYERS = LIMITS.hidden + 1;

/** What the trial panel shows: single trials, a line of the maps through the crosshair, or the selected cells. */
export const TRIAL_PANEL_PARTS = ['trial', 'slice', 'selection'] as const;
export type TrialPanelPart = (typeof TRIAL_PANEL_PARTS)[number];

const RANGE = `${PREFIX}range`;

/** What links hold of the Map tab. */
export interface MapView {
  readonly grid: GridChoice;
  /** Bytes of GPU memory that a sweep may take. */
  readonly memory: number;
  readonly palette: string;
  /** What the maps of the arms are coloured by. */
  readonly colouring: Colouring;
  /** The ends of its range; automatic where none are told. */
  readonly range: Range | undefined;
  /** Colours by rank. */
  readonly equalize: boolean;
  /** The boundary between what trains and what does not is drawn, and measured. */
  readonly boundary: boolean;
  /** What theory predicts is drawn, where it does. */
  readonly theory: boolean;
  /** The pinned cells, the latest last. */
  readonly at: readonly Pin[];
  /** The part of the maps that is shown. */
  readonly zoom: Zoom;
  /** What the trial panel shows. */
  readonly panel: TrialPanelPart;
  /** What is drawn beside the loss, of which layer, and over what. */
  readonly curve: Quantity;
  readonly layer: LayerChoice;
  readonly time: TimeAxis;
  /** The outline of the selected cells; nothing where none are. */
  readonly brush: readonly Corner[];
  /** States of trials that maps, charts and counts leave out. */
  readonly hidden: readonly TrialState[];
}

export const MAP_SETTINGS: LinkSettings<MapView> = {
  grid: {
    key: 'grid',
    encode: (grid, experiment) => (grid === 'auto' && !namesCounts(experiment) ? undefined : String(grid)),
    decode: (text, experiment) => parseGrid(text ?? (namesCounts(experiment) ? 'document' : 'auto')),
  },
  memory: {
    key: 'memory',
    encode: (memory) => (memory === DEFAULT_MEMORY ? undefined : String(mebibytes(memory))),
    decode: (text) => (text === undefined ? DEFAULT_MEMORY : parseMebibytes(text)),
  },
  palette: choice(
    'palette',
    PALETTES.map(({ id }) => id),
    PALETTES[0].id,
  ),
  colouring: choice('colour', COLOURINGS, COLOURINGS[0]),
  range: {
    key: 'range',
    encode: (range) => range && range.map(short).join(','),
    decode: (text) => (text === undefined ? undefined : parseRange(text)),
  },
  equalize: onOff('equalize', false),
  boundary: onOff('boundary', false),
  theory: onOff('theory', true),
  at: {
    key: 'at',
    encode: (at) => (at.length === 0 ? undefined : at.map(encodePlace).join(';')),
    decode: (text) => (text === undefined ? [] : parsePlaces('at', text, MOST_PINS)),
  },
  panel: choice('panel', TRIAL_PANEL_PARTS, TRIAL_PANEL_PARTS[0]),
  curve: choice('curve', QUANTITIES, QUANTITIES[0]),
  layer: {
    key: 'layer',
    encode: (layer) => (layer === 'all' ? undefined : String(layer)),
    decode: (text) => (text === undefined ? 'all' : parseLayer(text)),
  },
  time: choice('time', TIME_AXES, TIME_AXES[0]),
  brush: {
    key: 'brush',
    encode: (brush) => (brush.length === 0 ? undefined : brush.map(encodePlace).join(';')),
    decode: (text) => (text === undefined ? [] : parsePlaces('brush', text, MOST_CORNERS)),
  },
  hidden: {
    key: 'hide',
    encode: (hidden) => (hidden.length === 0 ? undefined : hidden.join(',')),
    decode: (text) => (text === undefined ? [] : parseStates(text)),
  },
  zoom: {
    key: 'zoom',
    encode: ({ x, y }) => (x.level + y.level === 0 ? undefined : `${writeAxisView(x)};${writeAxisView(y)}`),
    decode: (text) => (text === undefined ? WHOLE_MAP : parseZoom(text)),
  },
};

/** `level,centre`, the centre to a hundredth of what is seen. */
function writeAxisView({ level, centre }: AxisView): string {
  const digits = Math.ceil(level * Math.log10(2)) + 4;
  return level === 0 ? '0' : `${level},${Number(centre.toFixed(Math.min(20, digits)))}`;
}

function parseZoom(text: string): Zoom {
  const views = text.split(';').map((part): AxisView | undefined => {
    const [, level, centre] = /^(\d{1,2})(?:,(0(?:\.\d{1,20})?|\d(?:\.\d+)?e-\d{1,2}))?$/.exec(part) ?? [];
    if (level === undefined || Number(level) > LIMITS.zoom) return undefined;
    if (Number(level) === 0) return centre === undefined ? WHOLE_AXIS : undefined;
    return centre === undefined ? undefined : { level: Number(level), centre: Number(centre) };
  });
  const [x, y] = views;
  if (!x || !y || views.length > 2)
    throw new ExperimentError(
      `${PREFIX}zoom`,
      text,
      `for each axis 0, or a level from 1 to ${LIMITS.zoom} and a centre from 0 to 1: "3,0.25;0"`,
    );
  return { x, y };
}

/** A link that names its own counts, as a file does, means them unless it says otherwise. */
function namesCounts(experiment: string): boolean {
  return /^document=|\.count=/.test(experiment);
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** @throws ExperimentError for what is no choice of a grid */
export function parseGrid(text: string): GridChoice {
  const grid = parseGridChoice(text);
  if (grid === undefined) throw new ExperimentError(`${PREFIX}grid`, text, '"auto", "document" or 1 to 1024');
  return grid;
}

/** @throws ExperimentError for what is no number of MiB that is allowed */
export function parseMebibytes(text: string): number {
  const memory = parseMemory(text);
  if (memory === undefined) throw new ExperimentError(`${PREFIX}memory`, text, MEMORY_ALLOWED);
  return memory;
}

function numbersIn(text: string): number[] {
  return text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}

function parseRange(text: string): Range {
  const [from, to, ...others] = numbersIn(text);
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to || others.length > 0)
    throw new ExperimentError(RANGE, text, 'two different numbers with a comma between');
  return [from!, to!];
}

function encodePlace({ x, y }: Pin): string {
  return [x, ...(y === undefined ? [] : [y])].join(',');
}

/** @throws ExperimentError for what is no list of places on a map */
function parsePlaces(key: string, text: string, most: number): readonly Pin[] {
  const places = text.split(';').map((place): Partial<Pin> => {
    const values = numbersIn(place);
    const [x, y] = values;
    if (x === undefined || values.length > 2 || values.some((value) => !Number.isFinite(value))) return {};
    return y === undefined ? { x } : { x, y };
  });
  const isPlace = (place: Partial<Pin>): place is Pin => place.x !== undefined;
  if (places.length <= most && places.every(isPlace)) return places;
  const allowed = `one number for each axis, with a comma between, of 1 to ${most} places, with a semicolon between`;
  throw new ExperimentError(PREFIX + key, text, allowed);
}

/** @throws ExperimentError for what is no choice of layers */
function parseLayer(text: string): LayerChoice {
  if (text === 'all' || text === 'each') return text;
  const layer = Number(text);
  if (!/^\d+$/.test(text) || layer < 1 || layer > MOST_LAYERS)
    throw new ExperimentError(`${PREFIX}layer`, text, `"all", "each" or 1 to ${MOST_LAYERS}`);
  return layer;
}

/** @throws ExperimentError for what is no list of states */
function parseStates(text: string): readonly TrialState[] {
  const named = text.split(',');
  const found = STATES.filter((state) => named.includes(state));
  if (found.length !== named.length) {
    const allowed = `some of ${STATES.map((state) => `"${state}"`).join(', ')}, each once, with a comma between`;
    throw new ExperimentError(`${PREFIX}hide`, text, allowed);
  }
  return found;
}

/** @throws ExperimentError for an experiment that its grid does not allow, or a range that its colouring does not have */
export function checkMap({ grid, colouring, range }: MapView, experiment: Experiment): void {
  checkGrid(experiment, grid);
  if (!range) return;
  const scale = scaleOf(colouring);
  if (!scale) throw new ExperimentError(RANGE, range.join(), `nothing with ${PREFIX}colour ${colouring}`);
  if (scale === 'log' && Math.min(...range) <= 0)
    throw new ExperimentError(RANGE, range.join(), `two numbers above 0 with ${PREFIX}colour ${colouring}`);
}

/** A file means its own counts, which go with it; a grid that a person chose stays. */
export function openedMap(own: MapView, from: Source): MapView {
  const grid = from === 'file' ? 'document' : own.grid === 'document' ? 'auto' : own.grid;
  return { ...own, grid, at: [], brush: [], zoom: WHOLE_MAP, range: undefined };
}

export function editedMap(own: MapView, before: Experiment, after: Experiment): MapView {
  const isElsewhere = !isEqual(placeOf(before), placeOf(after));
  const isAcross = (['x', 'y'] as const).some(
    (axis) => before.axes[axis]?.parameter !== after.axes[axis]?.parameter,
  );
  return {
    ...own,
    at: movedPins(own.at, before, after),
    ...(isAcross && { brush: [] }),
    ...(isElsewhere && { zoom: WHOLE_MAP }),
  };
}

/** Axes but for their counts: with others a view is a view of something else. */
function placeOf({ axes }: Experiment): unknown {
  return [axes.x, axes.y].map((axis) => axis && { ...axis, count: 0 });
}
