import { shownAxis } from '../../experiment/axes';
import { isEqual } from '../../experiment/same_trials';
import type { Axis } from '../../experiment/types';
import type { Zoom } from '../../experiment/zoom';
import { SweepClient, type SweepClientListener } from '../../service/sweep_client';
import { measureOf } from '../../view/colouring';
import { cellWords } from '../../view/cell_words';
import { formatNumber } from '../../view/number_format';
import { parameterLabel } from '../../view/parameter_names';
import type { Shading } from '../../view/shading';
import type { Field } from '../experiment/refusal';
import { PREFIX } from '../page/link_settings';
import type { PageState } from '../page/page_state';
import { boundariesOf, edgeSlopesOf, type Boundary } from '../reading/boundaries';
import { Crosshair } from './crosshair';
import { Findings } from './findings';
import type { Gesture } from './gestures';
import { checkMap, parseGrid, parseMebibytes, type MapView } from './map_view';
import { Keeping } from '../keeping/keeping';
import { Player } from '../playing/player';
import { Replays } from './replays';
import { Review } from '../reading/review';
import { shownResults, type Run } from './run';
import { Selection } from './selection';
import { Sharpnesses } from './sharpnesses';
import { Shadings } from '../reading/shadings';
import { SweepState, type Asked } from './sweep_state';
import { lookedAt, zoomWords } from './viewport';
import { hasMeasuredCurve, measuredCurvesOf } from '../reading/measured_curves';
import { rateAxes } from '../reading/predictions';
import { Theories, type ArmTheory } from '../reading/theories';

/** Fields of the map, beside the experiment's own controls. */
const field = (key: string, name: string): Field => ({ id: PREFIX + key, name, paths: [PREFIX + key] });
export const MEMORY_FIELD = field('memory', 'GPU memory, MiB');
export const GRID_FIELD = field('grid', 'grid');

/** What the maps have come to. */
export type MapFound = Pick<Run, 'experiment' | 'results'> & {
  /** Nothing more is being trained. */
  readonly isDone: boolean;
};

/** All that the Map tab shows and does: a sweep of the page's experiment, the crosshair in it, and its steps. `change` follows every change. */
export class MapState extends EventTarget {
  readonly sweep: SweepState;
  readonly crosshair: Crosshair;
  readonly selection: Selection;
  readonly findings: Findings;
  readonly replays: Replays;
  readonly sharpnesses: Sharpnesses;
  readonly player: Player;
  readonly keeping: Keeping;
  private asked: Asked;
  private readonly shadings = new Shadings();
  private readonly boundary = new Review(boundariesOf);
  private readonly slopes = new Review(edgeSlopesOf);
  private readonly curves = new Review(measuredCurvesOf);
  private readonly theories = new Theories();
  /** The cell that was read out last. */
  private spoken = '';

  /** @param connect makes the client, which tells a listener */
  constructor(
    readonly page: PageState,
    connect = (listener: SweepClientListener) => new SweepClient(listener),
  ) {
    super();
    this.asked = this.asks();
    this.sweep = new SweepState(this.asked, page.turns, (listener) =>
      connect({
        ...listener,
        unavailable: (state) => {
          this.leaveAlone();
          listener.unavailable(state);
        },
        error: (message) => {
          this.leaveAlone();
          listener.error(message);
        },
        trace: (trial, trace) => this.findings.keepTrace(trial, trace),
        replay: (trial, replay) => this.replays.keep(trial, replay),
        edges: (line, edges, sharp) => this.findings.keepEdges(line, { edges, sharp }),
        frame: (frame) => this.player.take(frame),
        noFrame: (words) => this.player.refuse(words),
      }),
    );
    this.player = new Player(this.sweep, page.turns);
    this.keeping = new Keeping(this.sweep, page.store);
    this.crosshair = new Crosshair(
      this.sweep,
      () => this.view.at,
      (at) => this.change('at', { at }),
    );
    this.selection = new Selection(
      this.sweep,
      () => this.view,
      (change) => this.show(change),
    );
    this.findings = new Findings(this.sweep, this.crosshair, () => this.elsewhere);
    this.replays = new Replays(this.sweep);
    this.sharpnesses = new Sharpnesses(this.sweep, page.lab);
    this.sweep.addEventListener('begin', () => {
      this.crosshair.leave();
      this.findings.begin();
      this.player.forget();
      this.replays.begin();
      this.sharpnesses.begin();
    });
    this.sweep.addEventListener('outcomes', () => this.findings.lookSoon());
    this.crosshair.addEventListener('move', () => this.findings.follow());
    page.addEventListener('change', () => this.follow());
    const { sweep, crosshair, selection, findings, replays, sharpnesses, player } = this;
    const { boundary, slopes, curves } = this;
    const followed = [sweep, crosshair, selection, findings, replays, sharpnesses, player];
    for (const part of [...followed, boundary, slopes, curves, page])
      part.addEventListener('change', () => this.changed());
    this.crosshair.addEventListener('move', () => this.changed());
  }

  /** Nobody answers any more what the player has asked for. */
  private leaveAlone(): void {
    // The client tells at once that there is no GPU, before there is a player.
    const player: Player | undefined = this.player;
    player?.forget();
  }

  get found(): MapFound | undefined {
    const { run, phase } = this.sweep;
    return run && { experiment: run.experiment, results: shownResults(run), isDone: phase === 'done' };
  }

  get view(): MapView {
    return this.page.view.map;
  }

  /** @param text of one of the grids on offer */
  enterGrid(text: string): void {
    this.page.attempt(GRID_FIELD, text, () => {
      const grid = parseGrid(text);
      checkMap({ ...this.view, grid }, this.page.view.experiment);
      this.change('grid', { grid });
    });
  }

  /** @param text a number of MiB, which counts from the next training on */
  enterMemory(text: string): void {
    this.page.attempt(MEMORY_FIELD, text, () => this.change('memory', { memory: parseMebibytes(text) }));
  }

  setPalette(palette: string): void {
    this.page.choose(`${PREFIX}palette`, { map: { ...this.view, palette } });
  }

  /** A range is one of a colouring, and goes with it. What is not measured yet is from now on, in trials that are trained once more. */
  setColouring(colouring: MapView['colouring']): void {
    const { experiment } = this.page.view;
    const measure = measureOf(colouring);
    const isMissing = measure !== undefined && !experiment.measures.includes(measure);
    this.page.choose(`${PREFIX}colour`, {
      map: { ...this.view, colouring, range: undefined },
      ...(isMissing && { experiment: { ...experiment, measures: [...experiment.measures, measure] } }),
    });
  }

  /** @param range nothing for the automatic one */
  setRange(range: MapView['range']): void {
    this.change('range', { range });
  }

  /** Switches something on or off. */
  toggle(name: 'equalize' | 'boundary' | 'theory'): void {
    this.page.choose(PREFIX + name, { map: { ...this.view, [name]: !this.view[name] } });
  }

  /** The boundaries that are to be drawn and measured; nothing before any are known. */
  get boundaries(): readonly Boundary[] | undefined {
    const { run } = this.sweep;
    return run?.experiment.axes.y && this.view.boundary ? this.boundary.of(run) : undefined;
  }

  /** What theory says of the arms; nothing where it says nothing of any. */
  get theory(): readonly ArmTheory[] {
    const { run } = this.sweep;
    if (!run) return [];
    const arms = this.theories.of(run.experiment);
    if (!this.view.theory || arms.length === 0) return arms;
    const hasSlope = arms.some(({ predictedSlope }) => predictedSlope !== undefined);
    const hasCurve = hasMeasuredCurve(run.experiment);
    return this.theories.with(
      arms,
      hasSlope ? this.slopes.of(run) : undefined,
      hasCurve ? this.curves.of(run) : undefined,
    );
  }

  /** Whether the sharpness of the starts can be measured, and so a curve be drawn where theory has none. */
  get canMeasureTheory(): boolean {
    const { experiment } = this.page.view;
    return !hasMeasuredCurve(experiment) && rateAxes(experiment) !== undefined;
  }

  /** Has the sharpness of the starts measured, and draws what follows from it: trains once more. */
  measureTheory(): void {
    const { experiment } = this.page.view;
    this.page.choose(`${PREFIX}theory`, {
      map: { ...this.view, theory: true },
      experiment: { ...experiment, measures: [...experiment.measures, 'sharpness_initial'] },
    });
  }

  /** How the maps of a run are coloured, but for the palette. */
  shadingOf(run: Run): Shading {
    return this.shadings.of(run, this.view);
  }

  /** What a gesture or a key makes of the view of the maps. */
  look(gesture: Gesture): void {
    const axes = this.sweep.wholeAxes;
    if (!axes) return;
    this.setZoom(lookedAt(this.view.zoom, axes, gesture));
    this.page.announcer.say(() => `${zoomWords(this.view.zoom, axes)}: ${this.rangeWords()}`);
  }

  /** From where to where the maps go, in words. */
  private rangeWords(): string {
    const { x, y } = (this.sweep.run?.experiment ?? this.page.view.experiment).axes;
    const words = (axis: Axis) => {
      const { from, to } = shownAxis(axis);
      return `${parameterLabel(axis.parameter)} from ${formatNumber(from)} to ${formatNumber(to)}`;
    };
    return [x, ...(y ? [y] : [])].map(words).join(', ');
  }

  setZoom(zoom: Zoom): void {
    if (!isEqual(zoom, this.view.zoom)) this.change('zoom', { zoom });
  }

  /** Shows something else of the same sweep: what of trials, or of which cells. */
  show(change: Partial<MapView>): void {
    this.change(Object.keys(change).join(), change);
    this.findings.lookSoon();
  }

  /** Trials whose traces are drawn besides those at the crosshair. */
  private get elsewhere(): readonly number[] {
    const pinned = this.crosshair.pins.flatMap(({ cell }) => (cell ? this.crosshair.trialsAt(cell) : []));
    const { drawn } = this.selection;
    return [...pinned, ...(this.view.panel === 'selection' ? drawn.flat() : [])];
  }

  private change(key: string, change: Partial<MapView>): void {
    this.page.change(PREFIX + key, { map: { ...this.view, ...change } });
  }

  private asks(): Asked {
    const { grid, memory, zoom } = this.view;
    return { experiment: this.page.view.experiment, grid, memory, zoom };
  }

  /** Trains what the page now asks for, if that is something else. */
  private follow(): void {
    const { asked } = this;
    this.asked = this.asks();
    if ((['experiment', 'grid', 'memory', 'zoom'] as const).every((name) => asked[name] === this.asked[name]))
      return;
    this.sweep.follow(this.asked);
    this.findings.lookSoon();
  }

  private changed(): void {
    this.speak();
    this.dispatchEvent(new Event('change'));
  }

  /** Reads out the cell that the crosshair has come to rest on. */
  private speak(): void {
    const { cell } = this.crosshair;
    const { run } = this.sweep;
    const key = JSON.stringify(cell);
    if (!run || key === this.spoken) return;
    this.spoken = key;
    this.page.announcer.say(() => cellWords(run.experiment, shownResults(this.sweep.run ?? run), cell));
  }
}
