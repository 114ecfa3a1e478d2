import type { Experiment } from '../../experiment/types';
import type { EdgeLine, Edges } from '../../scheduler/edge_finder';
import { CLASS_NUMBER } from '../../scheduler/results';
import type { Trace } from '../../scheduler/trace';
import { sameButPlaces } from '../../service/kept_runs';
import type { SweepClient } from '../../service/sweep_client';
import type { Crosshair } from './crosshair';
import type { SweepState } from './sweep_state';

/** The edges on a line as far as they are known; `sharp` once nothing is left to find over the seeds asked for. */
export interface FoundEdges {
  readonly edges: Edges;
  readonly sharp: boolean;
}

/** Milliseconds from a move of the crosshair, or an outcome, to the request for traces. */
const TRACE_DELAY = 150;
/** Milliseconds that the crosshair rests on a line before its edges are looked for. */
const EDGE_DELAY = 400;
/** The fewest seeds over which the headline tells the largest learning rates. */
const SEEDS = 8;
const KEPT_TRACES = 64;

/** What is trained again for the crosshair: traces of its trials, and edges on its line; `change` follows every change. */
export class Findings extends EventTarget {
  /** Of trials of the present run, by index. */
  traces: ReadonlyMap<number, Trace> = new Map();
  /** What was found of the largest learning rates, by line. */
  private edges: ReadonlyMap<string, FoundEdges> = new Map();
  /** Of which that was found. */
  private experiment: Experiment | undefined;
  /** Someone has moved the crosshair in this run, so traces are wanted even of trials that the sweep has not finished. */
  private isEager = false;
  /** The trials of the latest request for traces, and the line and seeds of the latest one for edges. */
  private requestedTraces: ReadonlySet<number> = new Set();
  private requestedEdges = '';
  private traceTimer: ReturnType<typeof setTimeout> | undefined;
  /** The line on which the crosshair has come to rest. */
  private restsOn: string | undefined;
  private edgeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly sweep: Pick<SweepState, 'run' | 'phase'> & {
      readonly client: Pick<SweepClient, 'trace' | 'edges'>;
    },
    private readonly crosshair: Pick<Crosshair, 'line' | 'trials' | 'isHovering'>,
    /** Trials elsewhere whose traces are wanted too: of pins, and of selected cells. */
    private readonly elsewhere: () => readonly number[] = () => [],
  ) {
    super();
  }

  /** On the crosshair's line. */
  get found(): FoundEdges | undefined {
    const { line } = this.crosshair;
    return line && this.edges.get(lineKey(line));
  }

  /** Forgets what is known of another run; edges stay those of all views of the same maps. */
  begin(): void {
    this.traces = new Map();
    const experiment = this.sweep.run?.experiment;
    if (!experiment || !this.experiment || !sameButPlaces(experiment, this.experiment))
      this.edges = new Map();
    this.experiment = experiment;
    this.isEager = false;
    this.requestedTraces = new Set();
    this.requestedEdges = '';
  }

  /** Someone has moved the crosshair. */
  follow(): void {
    this.isEager = true;
    this.lookSoon();
  }

  /** Asks for traces and edges at the crosshair, once it has rested there for a little. */
  lookSoon(): void {
    this.traceTimer ??= setTimeout(() => {
      this.traceTimer = undefined;
      this.requestTraces();
    }, TRACE_DELAY);
    const line = this.crosshair.line && lineKey(this.crosshair.line);
    if (line === this.restsOn && this.edgeTimer !== undefined) return;
    clearTimeout(this.edgeTimer);
    this.restsOn = line;
    this.edgeTimer = setTimeout(() => {
      this.edgeTimer = undefined;
      this.requestEdges();
    }, EDGE_DELAY);
  }

  keepTrace(trial: number, trace: Trace): void {
    const wanted = new Set(this.elsewhere());
    const others = [...this.traces.keys()].filter((other) => !wanted.has(other));
    const kept = new Map(this.traces);
    for (const old of others.slice(0, -KEPT_TRACES)) kept.delete(old);
    this.traces = kept.set(trial, trace);
    this.dispatchEvent(new Event('change'));
  }

  keepEdges(line: EdgeLine, found: FoundEdges): void {
    this.edges = new Map([...this.edges, [lineKey(line), found]]);
    this.dispatchEvent(new Event('change'));
  }

  private requestTraces(): void {
    const { run, client } = this.sweep;
    if (!run) return;
    const { trials } = this.crosshair;
    const { table } = run.results;
    const isReady = this.isEager || trials.every((trial) => table.class[trial]! < CLASS_NUMBER.training);
    const wanted = new Set([...(isReady ? trials : []), ...this.elsewhere()]);
    const missing = [...wanted].filter((trial) => !this.traces.has(trial));
    if (missing.every((trial) => this.requestedTraces.has(trial))) return;
    this.requestedTraces = new Set(missing);
    client.trace(missing);
  }

  /** One seed suffices while the map is being trained, and for a line that is only pointed at. */
  private requestEdges(): void {
    const { run, phase, client } = this.sweep;
    const { line, isHovering } = this.crosshair;
    if (!run || !line || (phase !== 'training' && phase !== 'done')) return;
    const seeds = phase === 'done' && !isHovering ? Math.max(SEEDS, run.experiment.replicates) : 1;
    const found = this.edges.get(lineKey(line));
    const key = `${lineKey(line)} ${seeds}`;
    if (key === this.requestedEdges || (found?.sharp && found.edges[0]!.length >= seeds)) return;
    this.requestedEdges = key;
    client.edges(line, seeds);
  }
}

function lineKey({ along, across }: EdgeLine): string {
  return `${along} ${across}`;
}
