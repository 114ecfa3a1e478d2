import { presetExperiment } from '../../../src/experiment/presets';
import type { Experiment } from '../../../src/experiment/types';
import { batchOf, type TrialResult } from '../../../src/scheduler/results';
import type {
  Precision,
  SweepClient,
  SweepClientListener,
  TeamCompute,
} from '../../../src/service/sweep_client';
import type { KnownTrials } from '../../../src/service/sweep_protocol';
import type { Manner } from '../../../src/training/manner';
import { trialResult } from '../../trial_results';

/** A client without workers: keeps what is asked of it, and answers when it is told to. */
export class FakeClient {
  readonly asked: string[] = [];
  /** What the latest request to train or to measure was about. */
  experiment: Experiment | undefined;
  /** In what the latest request wants it trained. */
  manner: Manner | undefined;
  listener!: SweepClientListener;
  /** What it claims to train on; where nothing is set, that is not known before it has begun. */
  readonly computes: Partial<Record<Precision, TeamCompute>> = {};

  /** As parts of the page make their client. */
  readonly connect = (listener: Partial<SweepClientListener>): SweepClient => {
    this.listener = listener as SweepClientListener;
    return this as unknown as SweepClient;
  };

  measure(experiment: Experiment): void {
    this.experiment = experiment;
    this.asked.push('measure');
  }

  start(
    experiment: Experiment,
    memory: number,
    known: KnownTrials,
    _precision: Precision,
    manner: Manner,
  ): void {
    this.experiment = experiment;
    this.manner = manner;
    const { x, y } = experiment.axes;
    this.asked.push(
      `start ${x.count} × ${y?.count ?? 1}, ${memory}${known.trial.length > 0 ? ` but ${known.trial.join()}` : ''}`,
    );
  }

  send(type: string): void {
    this.asked.push(type);
  }

  computeFor(precision: Precision): TeamCompute | undefined {
    return this.computes[precision];
  }

  renew(): void {
    this.asked.push('renew');
  }

  trace(trials: readonly number[]): void {
    this.asked.push(`trace ${trials.join()}`);
  }

  replay(trials: readonly number[]): void {
    this.asked.push(`replay ${trials.join()}`);
  }

  edges(_line: unknown, seeds: number): void {
    this.asked.push(`edges over ${seeds}`);
  }

  longer(trials: readonly number[]): void {
    this.asked.push(`longer ${trials.join()}`);
  }

  advance(step: number): void {
    this.asked.push(`advance to ${step}`);
  }

  standStill(): void {
    this.asked.push('stand still');
  }

  /** What has been asked since the last call. */
  get news(): string[] {
    return this.asked.splice(0);
  }

  finish(...results: Partial<TrialResult>[]): void {
    this.listener.results(batchOf(results.map(trialResult)));
  }
}

/** 4 × 3 cells of two arms. */
export function smallExperiment(): Experiment {
  const experiment = presetExperiment('init-gain');
  const { x, y } = experiment.axes;
  return { ...experiment, axes: { x: { ...x, count: 4 }, y: { ...y!, count: 3 } } };
}
