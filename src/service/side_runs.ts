import type { EdgeFinder, EdgeLine } from '../scheduler/edge_finder';
import type { Lockstep } from '../scheduler/lockstep';
import type { Sweep } from '../scheduler/sweep';
import { replay } from './replay';
import type { SweepEvent } from './sweep_protocol';
import type { SweepRuns } from './sweep_runs';
import { wordsOf } from './words_of';

/**
 * What is trained beside a sweep for a closer look at it: traces, edges, trials that train for longer, all trials step by step. The
 * maps are there without it.
 */
export class SideRuns {
  private tracing: Sweep | undefined;
  /** The latest wish for replays. */
  private replaying: object | undefined;
  private longest: Sweep | undefined;
  private lockstep: Lockstep | undefined;
  /** By line, each with what it has found so far. */
  private readonly finders = new Map<string, EdgeFinder>();
  /** The one that is at work, or waits for the one before it to end. */
  private finding: EdgeFinder | undefined;
  private findings: Promise<void> = Promise.resolve();
  private paused = false;
  private stopped = false;

  /** @param run whose number all events carry */
  constructor(
    private readonly runs: SweepRuns,
    private readonly run: number,
    private readonly emit: (event: SweepEvent, transfer?: Transferable[]) => void,
    private readonly fault: (words: string) => void,
  ) {}

  pause(): void {
    this.paused = true;
    this.longest?.pause();
    this.finding?.pause();
  }

  resume(): void {
    this.paused = false;
    this.longest?.resume();
    this.finding?.resume();
  }

  /** Ends what is under way. Traces and longer training may still be asked for; edges no more. */
  stop(): void {
    this.stopped = true;
    this.tracing?.stop();
    this.replaying = undefined;
    this.finding?.stop();
    this.longest?.stop();
  }

  /**
   * Trains a few trials once more with every step recorded, and whatever else is held. What was asked for before is no longer wanted.
   * @returns whether it was not itself put aside for a later request
   */
  async trace(trials: readonly number[]): Promise<boolean> {
    const { run } = this;
    this.tracing?.stop();
    const sweep = this.runs.trace(trials, {
      trace: (trial, trace) => this.emit({ type: 'trace', run, trial, trace }),
    });
    this.tracing = sweep;
    try {
      await sweep.run();
    } catch (error) {
      this.fault(`The two runs under the crosshair cannot be trained again: ${wordsOf(error)}.`);
    }
    if (this.tracing !== sweep) return false;
    this.tracing = undefined;
    return true;
  }

  /** All trials together on to a step: told as a frame, or in words why that cannot be. */
  async advance(step: number): Promise<void> {
    const { run } = this;
    const lockstep = (this.lockstep ??= this.runs.lockstep());
    try {
      const frame = await lockstep.to(step);
      if (frame) this.emit({ type: 'frame', run, frame }, [frame.loss.buffer, frame.divergedAt.buffer]);
    } catch (error) {
      if (this.lockstep === lockstep) this.lockstep = undefined;
      lockstep.close();
      this.emit({ type: 'no-frame', run, words: wordsOf(error) });
    }
  }

  /** Gives back what `advance` has taken. */
  standStill(): void {
    this.lockstep?.close();
    this.lockstep = undefined;
  }

  /**
   * Trains a few trials once more by the float64 reference, whatever engine trains the sweep. What was asked for before is no longer
   * wanted.
   * @returns whether it was not itself put aside for a later request
   */
  async replay(trials: readonly number[]): Promise<boolean> {
    const { run } = this;
    const wish = {};
    this.replaying = wish;
    const isWanted = () => this.replaying === wish;
    try {
      for (const trial of trials) {
        const replayed = await replay(this.runs.source.document(trial), isWanted);
        if (replayed) this.emit({ type: 'replay', run, trial, replay: replayed });
        if (!isWanted()) return false;
      }
    } catch (error) {
      this.fault(`The runs under the crosshair cannot be checked in float64: ${wordsOf(error)}.`);
    }
    return true;
  }

  async longer(trials: readonly number[]): Promise<void> {
    const { run } = this;
    this.longest?.stop();
    const sweep = this.runs.longer(trials, (batch) => this.emit({ type: 'longer', run, batch }));
    this.longest = sweep;
    if (this.paused) sweep.pause();
    try {
      await sweep.run();
    } catch (error) {
      this.fault(`The slow trials cannot be trained for longer: ${wordsOf(error)}.`);
    }
  }

  /** Looks for the edges on a line, over so many seeds; whatever was looked for before is no longer wanted. */
  edges(line: EdgeLine, seeds: number): void {
    const { run } = this;
    const key = JSON.stringify(line);
    const tell = (by: EdgeFinder, sharp: boolean) =>
      this.emit({ type: 'edges', run, line, edges: by.edges(), sharp });
    const finder = this.finders.get(key) ?? this.runs.edges(line, (found) => tell(found, false));
    this.finders.set(key, finder);
    this.finding?.stop();
    this.finding = finder;
    const find = async () => {
      if (this.finding !== finder || this.stopped) return;
      if (this.paused) finder.pause();
      else finder.resume();
      if (await finder.run(seeds)) tell(finder, true);
    };
    this.findings = this.findings
      .then(find)
      .catch((error: unknown) =>
        this.fault(`The largest learning rate cannot be looked for: ${wordsOf(error)}.`),
      );
  }
}
