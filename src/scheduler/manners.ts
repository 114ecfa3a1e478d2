import type { Experiment, TrialDocument } from '../experiment/types';
import { capacityOf, EngineLostError, type Engine } from '../training/engine';
import { mannerFor, type Manner } from '../training/manner';
import { planKey } from '../training/plan';
import { planOf } from '../training/planner';
import { WaveInputs } from '../training/wave_input';
import { shapeNamed } from '../training/shape_names';
import { secondsOfStep } from './calibrate';
import { cornersOf } from './feasible';
import { TrialSource } from './trial_source';

/** Trials of an arm that are measured together, at the most: from there on twice as many take a GPU twice as long. */
const MOST_TRIALS = 4096;
/** Of the time that the sweep would take, what measuring another shape may. */
const SHARE = 1 / 20;
/** Another shape must be this much faster than the one by size, so that noise does not choose between equals. */
const WORTH = 1.1;

/** In what shapes sweeps are trained fastest, as far as that has been measured. */
export class Manners {
  /** By what decides it: adapter, plans, and the order of magnitude of their trials. */
  private readonly found = new Map<string, Promise<Manner>>();

  /**
   * In what shape this engine trains the arms of an experiment fastest, by a short slice of its trials in each that fits: those at the middle
   * of the map, with a learning rate of 0, for a trial that has diverged costs nothing. By size where there is no choice, or where the
   * sweep is over before another shape has been compiled and tried.
   * @param memory bytes of the engine's device that it may take
   */
  fastest(engine: Engine, experiment: Experiment, memory: number): Promise<Manner> {
    const source = new TrialSource(experiment);
    const { arms, replicates, nx, ny, trials } = source.grid;
    const middle = (ny >> 1) * nx + (nx >> 1);
    const documents = Array.from({ length: arms }, (_, arm) =>
      still(source.document(arm * replicates * nx * ny + middle)),
    );
    const plans = documents.map((document) => planKey(document));
    const manyNetworks = source.varies.x || source.varies.y;
    const { name, adapter } = engine;
    const key = JSON.stringify([name, adapter, plans, manyNetworks, Math.round(Math.log2(trials))]);
    let fastest = this.found.get(key);
    if (!fastest) {
      this.found.set(key, (fastest = measured(engine, documents, { trials, memory, manyNetworks })));
      fastest.catch(() => this.found.delete(key)); // a lost device has measured nothing
    }
    return fastest;
  }
}

/**
 * The shapes of the networks of an experiment, as results name them: the one that the manner names, where any fits it, or those that an engine takes by size;
 * nothing where the engine has no shapes.
 */
export function shapesIn(engine: Engine, experiment: Experiment, manner: Manner): string {
  const taken = cornersOf(new TrialSource(experiment)).flatMap(
    (document) => engine.shapes(planOf(document, false, manner))[0] ?? [],
  );
  return taken.includes(manner) ? manner : [...new Set(taken)].join(', ');
}

/** The manner in which a sweep of so many trials was trained that had these shapes. */
export function mannerOf(shapes: string, trials: number): Manner {
  return shapeNamed(shapes) ? shapes : mannerFor(trials);
}

/** The trial, but for that it stays as it is. */
function still(document: TrialDocument): TrialDocument {
  const { optimizer } = document;
  return { ...document, optimizer: { ...optimizer, learningRate: 0, learningRateNorm: 0 } };
}

/** What the choice depends on besides the engine and a trial of each arm. */
interface Choice {
  readonly trials: number;
  readonly memory: number;
  /** Whether the networks of an arm differ: each would have to be written into a shader of its own. */
  readonly manyNetworks: boolean;
}

async function measured(
  engine: Engine,
  documents: readonly TrialDocument[],
  { trials, memory, manyNetworks }: Choice,
): Promise<Manner> {
  const bySize = mannerFor(trials);
  const shapesOf = (manner: Manner) =>
    documents.map((document) => engine.shapes(planOf(document, false, manner)));
  /** What the engine makes of a manner: others that come to the same need no measuring. */
  const seen = new Set<string>();
  const isNews = (manner: Manner) => {
    const made = shapesOf(manner)
      .map(([taken]) => taken)
      .join();
    return !seen.has(made) && seen.add(made);
  };
  isNews(bySize);
  const others = [...new Set(shapesOf(bySize).flat())].filter(
    (manner) => !(manyNetworks && shapeNamed(manner)?.written) && isNews(manner),
  );
  if (others.length === 0) return bySize;

  const together = Math.min(Math.ceil(trials / documents.length), MOST_TRIALS);
  const wait = await engine.emptyWait();
  const time = (manner: Manner) => secondsTogether(engine, documents, together, memory, manner, wait);
  const start = performance.now();
  const first = await time(bySize);
  const cost = (performance.now() - start) / 1000;
  const [document] = documents;
  const sweep = (first * document!.optimizer.steps * trials) / documents.length;
  if (cost * others.length > SHARE * sweep) return bySize;
  let best = { manner: bySize, seconds: first / WORTH };
  for (const manner of others) {
    const seconds = await time(manner).catch((error: unknown) => {
      if (error instanceof EngineLostError) throw error;
      return Infinity; // a shape that does not compile there, or computes wrongly
    });
    if (seconds < best.seconds) best = { manner, seconds };
  }
  return best.manner;
}

/** Seconds that a step takes of a trial of each arm, when many are trained together. */
async function secondsTogether(
  engine: Engine,
  documents: readonly TrialDocument[],
  trials: number,
  memory: number,
  manner: Manner,
  wait: number,
): Promise<number> {
  let seconds = 0;
  for (const document of documents) {
    const plan = planOf(document, false, manner);
    const count = Math.min(trials, capacityOf(engine.needs(plan), memory));
    const wave = await engine.open(
      new WaveInputs().of(
        plan,
        Array.from({ length: count }, () => document),
      ),
    );
    try {
      seconds += (await secondsOfStep(wave, wait)) / count;
    } finally {
      wave.close();
    }
  }
  return seconds;
}
