import { axisValues, gridOf, trialIndex } from '../experiment/axes';
import { MOST_DOCUMENT_BYTES, parseExperiment, parseExperimentBytes } from '../experiment/schema';
import { presetExperiment } from '../experiment/presets';
import { ExperimentError, type Axis, type Experiment } from '../experiment/types';
import type { GpuUnavailableState } from '../gpu/errors';
import { checkTrials, InfeasibleError } from '../scheduler/feasible';
import { coarsestStride } from '../scheduler/order';
import { CLASS_NUMBER, ResultTable, type ResultBatch } from '../scheduler/results';
import type { Progress } from '../scheduler/sweep';
import type { Trace } from '../scheduler/trace';
import { ColourScale } from './colour_scale';
import { withSetting } from './edit_experiment';
import { SECONDS, withSide, type GridChoice } from './grid_choice';
import { baseCell, nearestIndex, type Cell } from './headline';
import type { Results } from './map_picture';
import { representative } from './representative';
import { SweepClient } from './sweep_client';
import { decodeView, encodeView, parseViewMemory, type Theme, type ViewState } from './view_state';

export type Phase = 'measuring' | 'training' | 'paused' | 'stopped' | 'done' | 'failed';

/** Everything of one run of an experiment; a new run begins with a new one. */
export interface Run {
  /** With the counts that the maps have. */
  experiment: Experiment;
  results: Results;
  scale: ColourScale;
  /** Of trials, by index. */
  traces: Map<number, Trace>;
}

export interface Compute {
  adapter: string;
  engine: string;
  workers: number;
  /** It has answered a question whose answer is known. */
  checked: boolean;
}

const TRACE_DELAY = 150;
const KEPT_TRACES = 64;
/** Bytes of a tab's memory that a sweep's trials may take. */
const MOST_OF_TAB = 2 ** 31;

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
  /** The grid that was chosen for this machine, and what it should take. */
  estimate: { side: number; seconds: number } | undefined;
  /** What is wrong with a document that was asked for; the last good one goes on. */
  problem: string | undefined;
  failure: string | undefined;
  /** Something else has the GPU for itself. */
  private held = false;
  private hovered: Cell | undefined;
  /** Someone looks at cells, so traces are wanted before the sweep itself is done with them. */
  private eager = false;
  private traceTimer: number | undefined;
  private frame: number | undefined;
  /** The trials of the latest request for traces. */
  private requested = '';
  private readonly client: SweepClient;

  constructor() {
    super();
    this.view = this.readLink() ?? decodeView('');
    this.client = new SweepClient({
      adapter: (compute) => this.set({ compute: { ...compute, checked: false } }),
      checked: () => this.compute && this.set({ compute: { ...this.compute, checked: true } }),
      fault: (words) => this.set({ faults: [...this.faults, words] }),
      unavailable: (unavailable) => this.set({ unavailable }),
      measured: (side, seconds) => {
        this.estimate = { side, seconds };
        this.start(withSide(this.view.experiment, side));
      },
      results: (batch) => this.enter(batch),
      progress: (progress) => {
        this.progress = progress;
        this.changedSoon();
      },
      trace: (trial, trace) => this.keepTrace(trial, trace),
      done: () => this.set({ phase: this.phase === 'stopped' ? 'stopped' : 'done' }),
      error: (failure) => this.set({ failure, phase: 'failed' }),
    });
    addEventListener('hashchange', () => this.followLink());
    this.restart();
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
    this.traceSoon();
  }

  /** Pins a cell; nothing unpins. */
  pin(cell: Cell | undefined): void {
    if (!this.run) return;
    const { x, y } = this.run.experiment.axes;
    const value = (axis: Axis, index: number) => axisValues(axis)[index]!;
    this.hovered = undefined;
    this.eager = true;
    this.changeView({ at: cell && { x: value(x, cell.ix), ...(y && { y: value(y, cell.iy) }) } });
    this.traceSoon();
  }

  choosePreset(id: string): void {
    this.attempt(() => this.replaceExperiment(presetExperiment(id), 'auto'));
  }

  async openFile(file: Blob): Promise<void> {
    // One byte more than there may be suffices to refuse a file.
    const bytes = new Uint8Array(await file.slice(0, MOST_DOCUMENT_BYTES + 1).arrayBuffer());
    this.attempt(() => this.replaceExperiment(parseExperimentBytes(bytes), 'document'));
  }

  /** One setting of the trials, by its path. */
  setSetting(path: string, value: unknown): void {
    this.edit((experiment) => withSetting(experiment, path, value));
  }

  /** Fields of the document itself, such as its axes. */
  setFields(fields: Partial<Record<keyof Experiment, unknown>>): void {
    this.edit((experiment) => parseExperiment({ ...experiment, ...fields }));
  }

  setGrid(grid: GridChoice): void {
    this.changeView({ grid });
    this.restart();
  }

  /** @param text a number of MiB */
  setMemory(text: string): void {
    this.attempt(() => {
      this.view = { ...this.view, memory: parseViewMemory(text) };
      this.writeLink();
      this.restart();
    });
  }

  setPalette(palette: string): void {
    this.changeView({ palette });
  }

  setSize(size: string): void {
    this.changeView({ size });
  }

  setTheme(theme: Theme): void {
    this.changeView({ theme });
  }

  pause(): void {
    this.client.send('pause');
    this.set({ phase: 'paused' });
  }

  resume(): void {
    if (!this.held) this.client.send('resume');
    this.set({ phase: 'training' });
  }

  /** While held nothing trains, so that what is measured meanwhile has the GPU for itself. */
  hold(held: boolean): void {
    this.held = held;
    if (held) this.client.send('pause');
    else if (this.phase !== 'paused') this.client.send('resume');
  }

  stop(): void {
    this.client.send('stop');
    this.set({ phase: 'stopped' });
  }

  restart(): void {
    this.failure = undefined;
    this.progress = undefined;
    this.estimate = undefined;
    const { experiment, grid, memory } = this.view;
    if (grid === 'auto') {
      this.phase = 'measuring';
      this.client.measure(experiment, memory, SECONDS);
    } else this.start(grid === 'document' ? experiment : withSide(experiment, grid));
    this.changed();
  }

  private start(experiment: Experiment): void {
    const grid = gridOf(experiment);
    try {
      checkTrials(grid, MOST_OF_TAB);
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error;
      this.set({ failure: error.message, phase: 'failed' });
      return;
    }
    this.run = {
      experiment,
      results: {
        table: new ResultTable(grid.trials),
        grid,
        steps: experiment.optimizer.steps,
        coarsest: coarsestStride(grid.nx, grid.ny),
      },
      scale: new ColourScale(),
      traces: new Map(),
    };
    this.hovered = undefined;
    this.eager = false;
    this.requested = '';
    this.client.start(experiment, this.view.memory);
    if (this.held) this.client.send('pause');
    this.set({ phase: 'training' });
  }

  private edit(change: (experiment: Experiment) => Experiment): void {
    this.attempt(() => {
      this.view = { ...this.view, experiment: change(this.view.experiment) };
      this.writeLink();
      this.restart();
    });
  }

  private replaceExperiment(experiment: Experiment, grid: GridChoice): void {
    this.view = { ...this.view, experiment, grid, at: undefined };
    history.pushState(null, '', encodeView(this.view));
    this.restart();
  }

  private attempt(action: () => void): void {
    this.problem = undefined;
    try {
      action();
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      this.problem = error.message;
    }
    this.changed();
  }

  private changeView(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.writeLink();
    this.changed();
  }

  private writeLink(): void {
    history.replaceState(history.state, '', encodeView(this.view));
  }

  private readLink(): ViewState | undefined {
    try {
      this.problem = undefined;
      return decodeView(location.hash);
    } catch (error) {
      this.problem = `This link cannot be opened. ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  }

  private followLink(): void {
    const view = this.readLink();
    if (view) {
      const same =
        view.grid === this.view.grid &&
        view.memory === this.view.memory &&
        JSON.stringify(view.experiment) === JSON.stringify(this.view.experiment);
      this.view = view;
      if (!same) this.restart();
    }
    this.changed();
  }

  private enter(batch: ResultBatch): void {
    if (!this.run) return;
    const { results, scale } = this.run;
    results.table.enter(batch);
    for (const [at, state] of batch.class.entries())
      if (state === CLASS_NUMBER.converged) scale.add(-batch.score[at]! / results.steps);
    this.run = { ...this.run, results: { ...results } };
    this.changedSoon();
    this.traceSoon();
  }

  private traceSoon(): void {
    this.traceTimer ??= window.setTimeout(() => {
      this.traceTimer = undefined;
      this.requestTrace();
    }, TRACE_DELAY);
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
