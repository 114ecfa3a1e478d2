import type { TrialDocument } from '../experiment/types';
import {
  Activations,
  activationHistory,
  type ActivationHistory,
  type ActivationStatistics,
} from '../measures/activations';
import { traceOf, type Trace } from '../scheduler/trace';
import { isDecided } from '../training/outcome';
import { operationsOf } from '../training/plan';
import { planOf } from '../training/planner';
import { ReferenceEngine } from '../training/reference_engine';
import { WaveInputs } from '../training/wave_input';

/** One trial as the reference engine trains it, in float64, with a look inside on the way. */
export interface Replay {
  readonly trace: Trace;
  readonly activations: ActivationHistory;
  /** The steps that it was to make: all of the trial's, or as many as a person waits for. */
  readonly steps: number;
}

/** Multiply-adds of a replay, and steps of it, at the most: some seconds of a CPU. */
const MOST_OPERATIONS = 1.5e9;
const MOST_STEPS = 50_000;
/** Steps from the first at each of which it is looked inside, and looks at later ones, evenly spread. */
const FIRST_LOOKS = 32;
const LATER_LOOKS = 96;

/**
 * Trains a trial anew by the float64 reference, from the same initial parameters.
 * @param isWanted asked on the way
 * @returns nothing once it is not wanted any more
 */
export async function replay(document: TrialDocument, isWanted: () => boolean): Promise<Replay | undefined> {
  const { optimizer, rule } = document;
  const steps = replaySteps(document);
  const shortened = { ...document, optimizer: { ...optimizer, steps } };
  const plan = planOf(shortened, true);
  const input = new WaveInputs().of(plan, [shortened]);
  const activations = new Activations(input);
  const wave = await new ReferenceEngine().open(input);
  const looks = lookSteps(steps);
  const seen: ActivationStatistics[] = [];
  try {
    let recorded = 0;
    for (const [at, step] of looks.entries()) {
      seen.push(activations.at(await wave.read('parameters')));
      const states = await wave.run((looks[at + 1] ?? steps) - step);
      if (!isWanted()) return undefined;
      recorded = states.recorded[0]!;
      if (isDecided(rule, states, 0)) break;
    }
    const trace = traceOf(plan, recorded, await wave.read('history'), await wave.read('norms'));
    return { trace, activations: activationHistory(looks.slice(0, seen.length), seen), steps };
  } finally {
    wave.close();
  }
}

/** How many of a trial's steps a replay makes: all, or as many as a person waits for. */
export function replaySteps(document: TrialDocument): number {
  const affordable = Math.floor(MOST_OPERATIONS / operationsOf(planOf(document)));
  return Math.min(document.optimizer.steps, MOST_STEPS, Math.max(1, affordable));
}

/** The steps of so many at which a trial is looked inside: from 0, ascending. */
export function lookSteps(steps: number): readonly number[] {
  const first = Array.from({ length: Math.min(steps, FIRST_LOOKS) }, (_, t) => t);
  const left = steps - first.length;
  const count = Math.min(left, LATER_LOOKS);
  const later = Array.from(
    { length: count },
    (_, i) => FIRST_LOOKS - 1 + Math.round(((i + 1) * left) / count),
  );
  return [...first, ...later];
}
