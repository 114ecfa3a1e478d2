import type { DataSet } from '../experiment/types';
import { Breath } from '../training/breath';
import type { WaveInput } from '../training/engine';
import { evaluationPlan } from '../training/evaluator';
import { ExactHessian } from '../training/exact_hessian';
import { operationsOf } from '../training/plan';
import { beginning } from '../training/twin_calls';
import { exactSharpness } from './sharpness';

/** A residual that is small enough for a table: three digits for sure, and about six by its square. */
const TOLERANCE = 1e-3;
/** Products that one sharpness takes, about. */
const PRODUCTS = 16;
/** Multiply-adds that others are made to wait for at most, about: a tenth of a second. */
const AT_ONCE = 5e7;

/** Sharpness where trials begin, by data set, first parameters and settings: many trials of a sweep begin alike. */
export class Starts {
  private readonly known = new WeakMap<DataSet, WeakMap<Float32Array, Map<string, Promise<number>>>>();

  of(input: WaveInput, slot: number, find: () => Promise<number>): Promise<number> {
    const { plan, datasets, initials, trials } = input;
    const { dataset, initial, settings } = trials[slot]!;
    const { epsilon, preactivationGain, gain } = plan.settings;
    const gains = settings.subarray(gain, gain + plan.layers.length);
    const key = [settings[epsilon], settings[preactivationGain], ...gains].join();
    const ofData = entry(this.known, datasets[dataset]!, () => new WeakMap());
    const ofInitial = entry(ofData, initials[initial]!, () => new Map<string, Promise<number>>());
    return entry(ofInitial, key, find);
  }
}

/**
 * The sharpness of trials of a wave, in float64 by the kernels' CPU twins whatever engine trains them: a float32 difference of gradients
 * would tell of ReLU's kinks and not of curvature. NaN where the loss is not finite.
 */
export class TrialSharpness {
  private readonly hessian: ExactHessian;
  private readonly breath = new Breath();

  constructor(
    private readonly input: WaveInput,
    private readonly starts: Starts,
  ) {
    this.hessian = new ExactHessian(evaluationPlan(input.plan.document));
  }

  /** Trials that are measured before others have their turn. */
  get atOnce(): number {
    return Math.max(1, Math.floor(AT_ONCE / (PRODUCTS * 2 * operationsOf(this.hessian.plan))));
  }

  /** Where a trial begins, which depends neither on how nor on where it trains. */
  initial(slot: number): Promise<number> {
    return this.starts.of(this.input, slot, () => this.at(slot, beginning(this.input, slot)));
  }

  /** @param parameters (plan.parameters) */
  async at(slot: number, parameters: Float64Array): Promise<number> {
    const { datasets, trials } = this.input;
    const { dataset, settings } = trials[slot]!;
    const loss = this.hessian.at({ data: datasets[dataset]!, settings }, parameters);
    if (!Number.isFinite(loss)) return Number.NaN;
    return (await exactSharpness(this.hessian, { tolerance: TOLERANCE }, this.breath)).value;
  }
}

/** What a map has of a key, made where it has nothing. */
function entry<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
