import { axisValues, gridOf, trialIndex } from '../../experiment/axes';
import { DamagedLinkError } from '../../experiment/link_seal';
import { MOST_DOCUMENT_BYTES, parseExperimentBytes } from '../../experiment/schema';
import { presetExperiment } from '../../experiment/presets';
import { ExperimentError, type Axis, type Experiment } from '../../experiment/types';
import { warningsOf } from '../../experiment/warnings';
import type { GpuUnavailableState } from '../../gpu/errors';
import { checkTrials, InfeasibleError } from '../../scheduler/feasible';
import type { EdgeLine, Edges } from '../../scheduler/edge_finder';
import { coarsestStride } from '../../scheduler/order';
import { CLASS_NUMBER, ResultTable, type ResultBatch } from '../../scheduler/results';
import type { Progress } from '../../scheduler/sweep';
import type { Trace } from '../../scheduler/trace';
import { stepsOf } from '../../scheduler/trial_source';
import { LONGER } from '../../training/outcome';
import { CellCounts } from '../../view/cell_counts';
import { ColourScale } from '../../view/colour_scale';
import { controlsOf } from '../experiment/controls';
import { consequences } from '../experiment/consequences';
import { checkGrid, SECONDS, withSide, type GridChoice } from '../../service/grid_choice';
import { baseCell, baseValue, lineThrough, nearestIndex, type Cell } from '../../view/headline';
import { LinkHistory } from './link_history';
import type { Colouring } from '../../view/colouring';
import type { Results } from '../../view/map_picture';
import { movedPin } from '../map/moved_pin';
import { refusal, type Field, type Refusal } from '../experiment/refusal';
import { representative } from '../../view/representative';
import { sameTrials } from '../../experiment/same_trials';
import type { GpuTurns } from '../../service/gpu_turns';
import { SweepClient } from '../../service/sweep_client';
import {
  decodeView,
  encodeView,
  parseViewGrid,
  parseViewMemory,
  type Theme,
  type ViewState,
} from './view_state';

export type Phase = 'measuring' | 'training' | 'paused' | 'stopped' | 'done' | 'failed';

/** Everything of one run of an experiment; a new run begins with a new one. */
export interface Run {
  /** With the counts that the maps have. */
  experiment: Experiment;
  results: Results;
  scale: ColourScale;
  /** Of trials, by index. */
  traces: Map<number, Trace>;
  /** The same, but for the slow trials, which are trained ten times as long: `done` of so many; nothing while nobody asked. */
  longer: { results: Results; trials: number; done: number; isShown: boolean } | undefined;
  /** What it cannot show, in words. */
  warnings: readonly string[];
  /** What was found of the largest learning rates, by line (`lineKey`). */
  edges: Map<string, FoundEdges>;
}

export interface Compute {
  adapter: string;
  engine: string;
  workers: number;
  /** It has answered a question whose answer is known. */
  checked: boolean;
}

/** What is entered into the page beside the experiment's own controls. */
export const MEMORY_FIELD: Field = { id: 'view.memory', name: 'GPU memory, MiB', paths: ['view.memory'] };
export const GRID_FIELD: Field = { id: 'view.grid', name: 'grid', paths: ['view.grid'] };

/** What is known on a line, and whether there is no more to find over as many seeds as were asked for. */
export interface FoundEdges {
  edges: Edges;
  sharp: boolean;
}

const TRACE_DELAY = 150;
/** Milliseconds that the crosshair rests on a line before its edges are looked for. */
const EDGE_DELAY = 400;
/** Over how many seeds at least the largest learning rates are told. */
const SEEDS = 8;
const KEPT_TRACES = 64;
/** Bytes of a tab's memory that a sweep's trials may take. */
const MOST_OF_TAB = 2 ** 31;

export function lineKey({ along, across }: EdgeLine): string {
  return `${along} ${across}`;
}

/** The page's state, and all that may happen to it; `change` follows every change. */
export class SweepController extends EventTarget {
  view: ViewState;
  run: Run | undefined;
  phase: Phase = 'measuring';
  progress: Progress | undefined;
  compute: Compute | undefined;
  /** What was computed wrongly here, and what was done about it. */
  faults: readonly string[] = [];
  unavailable: GpuUnavailableState | undefined;
  /** What is wrong with a file or a link; the last good experiment goes on. */
  problem: string | undefined;
  /** What was entered and not accepted, by field; it stays there until it is mended, taken back or another entry is accepted. */
  refusals: ReadonlyMap<string, Refusal> = new Map();
  /** What else the latest entry changed, and in which field that was. */
  remark: { field: string; words: string } | undefined;
  failure: string | undefined;
  /** It is another's turn to use the GPU. */
  private held = true;
  private hovered: Cell | undefined;
  /** Someone looks at cells, so traces are wanted before the sweep itself is done with them. */
  private eager = false;
  private traceTimer: number | undefined;
  private frame: number | undefined;
  /** The trials of the latest request for traces, and the line and seeds of the latest one for edges. */
  private requested = '';
  private requestedEdges = '';
  /** The line on which the crosshair has come to rest. */
  private restsOn: string | undefined;
  private edgeTimer: number | undefined;
  private readonly client: SweepClient;
  private readonly link: LinkHistory;
  /** The grid that was measured for an experiment on this machine, and what it should take. */
  private measured: { side: number; seconds: number; experiment: Experiment } | undefined;
  /** The experiment that is being measured. */
  private measuring: Experiment | undefined;
  /** The latest hidden layers, for when there are some again. */
  private layers: readonly number[] | undefined;

  /** @param turns in which it always is, for there is always something to train, or soon may be */
  constructor(turns: GpuTurns) {
    super();
    this.view = this.readLink() ?? decodeView('');
    this.link = new LinkHistory(encodeView(this.view));
    // The page stays where it is scrolled to, whatever step of the history it shows.
    history.scrollRestoration = 'manual';
    this.client = new SweepClient({
      adapter: (compute) => {
        if (compute.engine !== 'reference') this.unavailable = undefined; // it has come back
        this.set({ compute: { ...compute, checked: false } });
      },
      checked: () => this.compute && this.set({ compute: { ...this.compute, checked: true } }),
      fault: (words) => this.set({ faults: [...this.faults, words] }),
      unavailable: (unavailable) => this.set({ unavailable }),
      measured: (side, seconds) => {
        const { experiment } = this.view;
        this.measured = { side, seconds, experiment };
        this.start(withSide(experiment, side));
      },
      results: (batch) => this.enter(batch),
      progress: (progress) => {
        this.progress = progress;
        this.changedSoon();
      },
      trace: (trial, trace) => this.keepTrace(trial, trace),
      edges: (line, edges, sharp) => this.keepEdges(line, { edges, sharp }),
      longer: (batch) => this.enterLonger(batch),
      done: () => {
        this.set({ phase: this.phase === 'stopped' ? 'stopped' : 'done' });
        this.lookSoon();
      },
      error: (failure) => this.set({ failure, phase: 'failed' }),
    });
    addEventListener('hashchange', () => this.followLink());
    turns.enter({ use: 'sweep', go: () => this.hold(false), hold: () => this.hold(true) });
    this.train();
  }

  /** The grid that was chosen for this machine, and what it should take. */
  get estimate(): { side: number; seconds: number } | undefined {
    return this.view.grid === 'auto' && !this.measuring ? this.measured : undefined;
  }

  /** The cell that all maps and the trial panel show: under the pointer, else pinned, else the document's own. */
  get cell(): Cell {
    return this.hovered ?? this.pinned ?? (this.run ? baseCell(this.run.experiment) : { ix: 0, iy: 0 });
  }

  get pinned(): Cell | undefined {
    const { at } = this.view;
    if (!at || !this.run) return undefined;
    const { x, y } = this.run.experiment.axes;
    return { ix: nearestIndex(x, at.x), iy: y && at.y !== undefined ? nearestIndex(y, at.y) : 0 };
  }

  /** Where the largest learning rate is looked for: on the line through what was pinned, or the document's own place, whatever the grid. */
  get line(): EdgeLine | undefined {
    if (!this.run) return undefined;
    const { experiment } = this.run;
    const { x, y } = experiment.axes;
    const own = { x: baseValue(experiment, x.parameter), y: y && baseValue(experiment, y.parameter) };
    return lineThrough(experiment, this.cell, this.hovered ? {} : (this.view.at ?? own));
  }

  /** The trials that stand for the cell, one an arm. */
  get trials(): number[] {
    if (!this.run) return [];
    const { table, grid } = this.run.results;
    const { ix, iy } = this.cell;
    return this.run.experiment.arms.map(
      (_, arm) => representative(table, grid, arm, ix, iy) ?? trialIndex(grid, { arm, replicate: 0, iy, ix }),
    );
  }

  hover(cell: Cell | undefined): void {
    if (cell) this.eager = true;
    if (cell?.ix === this.hovered?.ix && cell?.iy === this.hovered?.iy) return;
    this.hovered = cell;
    this.changed();
    this.lookSoon();
  }

  /** Pins a cell; nothing unpins. */
  pin(cell: Cell | undefined): void {
    if (!this.run) return;
    const { x, y } = this.run.experiment.axes;
    const value = (axis: Axis, index: number) => axisValues(axis)[index]!;
    this.hovered = undefined;
    this.eager = true;
    this.changeView('view.at', { at: cell && { x: value(x, cell.ix), ...(y && { y: value(y, cell.iy) }) } });
    this.lookSoon();
  }

  /** A grid that a person chose stays; the counts of a file go with it. */
  choosePreset(id: string): void {
    const { grid } = this.view;
    this.replaceExperiment(`preset ${id}`, presetExperiment(id), grid === 'document' ? 'auto' : grid);
  }

  async openFile(file: Blob): Promise<void> {
    try {
      // One byte more than there may be suffices to refuse a file.
      const bytes = new Uint8Array(await file.slice(0, MOST_DOCUMENT_BYTES + 1).arrayBuffer());
      this.replaceExperiment('file', parseExperimentBytes(bytes), 'document');
    } catch (error) {
      // It may also be a folder, or be gone.
      this.problem = `This file cannot be opened. ${error instanceof Error ? error.message : String(error)}`;
    }
    this.changed();
  }

  /** @param id of one of the experiment's controls, into which a text was entered */
  enterControl(id: string, text: string): void {
    const { experiment: before, at, grid } = this.view;
    const control = controlsOf(before).find((candidate) => candidate.id === id);
    if (!control) return;
    this.attempt(control, text, () => {
      if (before.model.hidden.length > 0) this.layers = before.model.hidden;
      const experiment = control.set(before, text, this.layers);
      checkGrid(experiment, grid);
      this.changeTrials(id, { experiment, at: movedPin(at, before, experiment) });
      return consequences(before, experiment, id);
    });
  }

  /** @param text of one of the grids on offer */
  enterGrid(text: string): void {
    this.attempt(GRID_FIELD, text, () => {
      const grid = parseViewGrid(text);
      checkGrid(this.view.experiment, grid);
      this.changeTrials(GRID_FIELD.id, { grid });
    });
  }

  /** @param text a number of MiB, which counts from the next training on */
  enterMemory(text: string): void {
    this.attempt(MEMORY_FIELD, text, () =>
      this.changeTrials(MEMORY_FIELD.id, { memory: parseViewMemory(text) }),
    );
  }

  /** What was refused is taken back. */
  takeBack(id: string): void {
    this.refusals = new Map([...this.refusals].filter(([field]) => field !== id));
    this.changed();
  }

  setPalette(palette: string): void {
    this.answered();
    this.changeView('view.palette', { palette });
  }

  setColouring(colouring: Colouring): void {
    this.answered();
    this.changeView('view.colour', { colouring });
  }

  setSize(size: string): void {
    this.answered();
    this.changeView('view.size', { size });
  }

  setTheme(theme: Theme): void {
    this.answered();
    this.changeView('view.theme', { theme });
  }

  dismissProblem(): void {
    this.problem = undefined;
    this.changed();
  }

  pause(): void {
    this.client.send('pause');
    this.set({ phase: 'paused' });
  }

  resume(): void {
    if (!this.held) this.client.send('resume');
    this.set({ phase: 'training' });
  }

  private hold(held: boolean): void {
    this.held = held;
    if (held) this.client.send('pause');
    else if (this.phase !== 'paused') this.client.send('resume');
  }

  stop(): void {
    this.client.send('stop');
    this.set({ phase: 'stopped' });
  }

  /** As asked for by a person: with what failed begun anew too. */
  restart(): void {
    this.faults = [];
    this.measured = undefined;
    this.client.renew();
    this.train();
  }

  /** The experiment with the counts that its maps are to have; nothing while they must be measured first. */
  private get counted(): Experiment | undefined {
    const { experiment, grid } = this.view;
    if (grid === 'document') return experiment;
    if (grid !== 'auto') return withSide(experiment, grid);
    const { measured } = this;
    return measured && sameButCounts(measured.experiment, experiment)
      ? withSide(experiment, measured.side)
      : undefined;
  }

  private train(): void {
    this.failure = undefined;
    this.progress = undefined;
    const { counted } = this;
    if (counted) this.start(counted);
    else {
      this.phase = 'measuring';
      this.measuring = this.view.experiment;
      this.client.measure(this.view.experiment, this.view.memory, SECONDS);
    }
    this.changed();
  }

  /** Trains anew if the view asks for other trials than are there, or are being made ready; else only what they are called may change. */
  private follow(): void {
    const { counted, run, measuring, view } = this;
    if (this.phase === 'failed') this.train();
    else if (measuring) {
      if (view.grid !== 'auto' || !sameButCounts(measuring, view.experiment)) this.train();
    } else if (counted && run && sameTrials(counted, run.experiment)) {
      this.run = { ...run, experiment: counted };
      this.lookSoon();
    } else this.train();
  }

  private start(experiment: Experiment): void {
    this.measuring = undefined;
    const grid = gridOf(experiment);
    try {
      checkTrials(grid, MOST_OF_TAB);
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error;
      this.set({ failure: error.message, phase: 'failed' });
      return;
    }
    const table = new ResultTable(grid.trials);
    this.run = {
      experiment,
      results: {
        table,
        grid,
        stepsOf: stepsOf(experiment),
        counts: new CellCounts(table, grid),
        coarsest: coarsestStride(grid.nx, grid.ny),
      },
      scale: new ColourScale(),
      traces: new Map(),
      longer: undefined,
      warnings: warningsOf(experiment),
      edges: new Map(),
    };
    this.hovered = undefined;
    this.eager = false;
    this.requested = '';
    this.requestedEdges = '';
    this.client.start(experiment, this.view.memory);
    if (this.held) this.client.send('pause');
    this.set({ phase: 'training' });
  }

  private replaceExperiment(what: string, experiment: Experiment, grid: GridChoice): void {
    this.problem = undefined;
    this.answered();
    this.changeTrials(what, { experiment, grid, at: undefined });
  }

  /** An entry that is refused changes nothing but what its field says. */
  private attempt(field: Field, text: string, action: () => string | void): void {
    try {
      const words = action();
      this.problem = undefined;
      this.answered();
      if (words) this.remark = { field: field.id, words };
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      const refused = refusal(field, text, error, this.view.experiment.arms);
      this.refusals = new Map([...this.refusals, [field.id, refused]]);
    }
    this.changed();
  }

  /** Nothing that was said of earlier entries holds any more. */
  private answered(): void {
    this.refusals = new Map();
    this.remark = undefined;
  }

  /** @param what was changed, for the history */
  private changeTrials(what: string, change: Partial<ViewState>): void {
    this.changeView(what, change);
    this.follow();
    this.changed();
  }

  private changeView(what: string, change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.link.write(encodeView(this.view), what);
    this.changed();
  }

  private readLink(): ViewState | undefined {
    try {
      this.problem = undefined;
      const view = decodeView(location.hash);
      checkGrid(view.experiment, view.grid);
      return view;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problem = error instanceof DamagedLinkError ? message : `This link cannot be opened. ${message}`;
      return undefined;
    }
  }

  private followLink(): void {
    const view = this.readLink();
    if (view) {
      this.answered();
      this.view = view;
      this.follow();
    }
    this.link.follow(encodeView(this.view));
    this.changed();
  }

  private enter(batch: ResultBatch): void {
    if (!this.run) return;
    const { results, scale } = this.run;
    results.counts.enter(batch);
    scale.enter(results, batch.trial);
    this.run = { ...this.run, results: { ...results } };
    this.changedSoon();
    this.lookSoon();
  }

  /** Asks for what the crosshair's place wants to be known, once it has rested there for a little. */
  private lookSoon(): void {
    this.traceTimer ??= window.setTimeout(() => {
      this.traceTimer = undefined;
      this.requestTrace();
    }, TRACE_DELAY);
    const line = this.line && lineKey(this.line);
    if (line === this.restsOn && this.edgeTimer !== undefined) return;
    window.clearTimeout(this.edgeTimer);
    this.restsOn = line;
    this.edgeTimer = window.setTimeout(() => {
      this.edgeTimer = undefined;
      this.requestEdges();
    }, EDGE_DELAY);
  }

  private requestTrace(): void {
    if (!this.run) return;
    const { results, traces } = this.run;
    const trials = this.trials;
    const ready = this.eager || trials.every((trial) => results.table.class[trial]! < CLASS_NUMBER.training);
    const missing = trials.filter((trial) => !traces.has(trial));
    const key = missing.join();
    if (!ready || missing.length === 0 || key === this.requested) return;
    this.requested = key;
    this.client.trace(missing);
  }

  /** What the maps show. */
  get shown(): Results | undefined {
    const { longer, results } = this.run ?? {};
    return longer?.isShown ? longer.results : results;
  }

  /** Trains the slow trials ten times as long. */
  trainLonger(): void {
    const { run } = this;
    if (!run) return;
    const { results } = run;
    const slow = Array.from({ length: results.grid.trials }, (_, trial) => trial).filter(
      (trial) => results.table.stateOf(trial) === 'slow',
    );
    const table = results.table.copy();
    for (const trial of slow) table.class[trial] = CLASS_NUMBER.training;
    const shown = { ...results, table, counts: CellCounts.of(table, results.grid) };
    this.run = { ...run, longer: { results: shown, trials: slow.length, done: 0, isShown: true } };
    this.client.longer(slow);
    this.changed();
  }

  showLonger(isShown: boolean): void {
    if (!this.run?.longer) return;
    this.run = { ...this.run, longer: { ...this.run.longer, isShown } };
    this.changed();
  }

  private enterLonger(batch: ResultBatch): void {
    const { longer } = this.run ?? {};
    if (!this.run || !longer) return;
    const { results } = longer;
    results.counts.enter(batch);
    // A score is a sum over steps: as a mean over these it has the colours of the others.
    for (const trial of batch.trial) results.table.score[trial]! /= LONGER;
    const done = longer.done + batch.trial.length;
    this.run = { ...this.run, longer: { ...longer, done, results: { ...results } } };
    this.changedSoon();
  }

  /** Over one seed while the map is being trained, or for a line that is only pointed at. */
  private requestEdges(): void {
    const { run, line, phase } = this;
    if (!run || !line || (phase !== 'training' && phase !== 'done')) return;
    const seeds = phase === 'done' && !this.hovered ? Math.max(SEEDS, run.experiment.replicates) : 1;
    const found = run.edges.get(lineKey(line));
    const key = `${lineKey(line)} ${seeds}`;
    if (key === this.requestedEdges || (found?.sharp && found.edges[0]!.length >= seeds)) return;
    this.requestedEdges = key;
    this.client.edges(line, seeds);
  }

  private keepEdges(line: EdgeLine, found: FoundEdges): void {
    if (!this.run) return;
    this.run = { ...this.run, edges: new Map([...this.run.edges, [lineKey(line), found]]) };
    this.changed();
  }

  private keepTrace(trial: number, trace: Trace): void {
    if (!this.run) return;
    const kept = [...this.run.traces].slice(-KEPT_TRACES);
    this.run = { ...this.run, traces: new Map([...kept, [trial, trace]]) };
    this.changed();
  }

  private set(
    change: Partial<Pick<SweepController, 'compute' | 'faults' | 'unavailable' | 'phase' | 'failure'>>,
  ): void {
    Object.assign(this, change);
    this.changed();
  }

  /** With the next frame: a sweep tells more often than anyone can see. */
  private changedSoon(): void {
    this.frame ??= requestAnimationFrame(() => this.changed());
  }

  private changed(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.dispatchEvent(new Event('change'));
  }
}

function sameButCounts(a: Experiment, b: Experiment): boolean {
  return sameTrials(withSide(a, 2), withSide(b, 2));
}
