import { descend, largestCurvature, type Moment } from '../../theory/descent';
import { gradientFactors, type Factor } from '../../theory/gradient_factors';
import { pass, type Pass, type SmallNetwork } from '../../theory/small_network';
import { batchOf, divergenceLimit, networkOf, startOf, withScaled, type ArmIndex } from './chain_network';
import type { ChainView } from './chain_view';

/** Settings of the tab, and the descents that start from them. */
export interface ChainFound {
  readonly view: ChainView;
  readonly runs: readonly [ChainRun, ChainRun];
}

/** Descents of both arms, begun anew only for other settings than the last. */
export class ChainRuns {
  private known: { readonly key: string; readonly runs: ChainFound['runs'] } | undefined;

  /** What is looked at does not change a descent. */
  of(view: ChainView): { readonly key: string; readonly runs: ChainFound['runs'] } {
    const key = JSON.stringify({ ...view, layer: 1, scaled: 1, scale: 1, step: 0 });
    if (this.known?.key !== key) this.known = { key, runs: [new ChainRun(view, 0), new ChainRun(view, 1)] };
    return this.known;
  }
}

/** One arm's descent from where a view starts it, as far as it was asked for. It is the same whenever it is asked for. */
export class ChainRun {
  readonly network: SmallNetwork;
  private readonly moments: Moment[] = [];
  private readonly descent: Iterator<Moment>;
  private readonly curvatures = new Map<Moment, number>();
  private ended = false;

  constructor(
    private readonly view: ChainView,
    readonly arm: ArmIndex,
  ) {
    this.network = networkOf(view, arm);
    const start = startOf(view, this.network);
    const { loss } = pass(this.network, start, batchOf(view));
    this.descent = descend(this.network, start, batchOf(view), view.rate, divergenceLimit(view, loss));
  }

  /** @returns the moment after so many updates, or the last one before that */
  at(step: number): Moment {
    while (!this.ended && this.moments.length <= step) {
      const { value, done } = this.descent.next();
      if (done) this.ended = true;
      else this.moments.push(value);
    }
    return this.moments[Math.min(step, this.moments.length - 1)]!;
  }

  /** The update after which the loss was beyond the limit; nothing before. */
  divergedAt(step: number): number | undefined {
    this.at(step + 1);
    return this.ended && step >= this.moments.length - 1 ? this.moments.length - 1 : undefined;
  }

  /** Losses up to and with a step. */
  losses(step: number): number[] {
    this.at(step);
    return this.moments.slice(0, step + 1).map(({ loss }) => loss);
  }

  /** λ_max of the Hessian there. */
  curvature(step: number): number {
    const moment = this.at(step);
    const known = this.curvatures.get(moment);
    if (known !== undefined) return known;
    const found = largestCurvature(this.network, moment.parameters, batchOf(this.view));
    this.curvatures.set(moment, found);
    return found;
  }

  pass(step: number): Pass {
    return pass(this.network, this.at(step).parameters, batchOf(this.view));
  }

  /**
   * The factors of a gradient there, with the weights of a layer multiplied.
   * @param layer whose gradient, from 0
   * @param scaled whose weights, from 0
   */
  factors(step: number, layer: number, scaled: number, scale: number): { factors: Factor[]; pass: Pass } {
    const { parameters } = this.at(step);
    const tried = pass(this.network, withScaled(this.network, parameters, scaled, scale), batchOf(this.view));
    return { factors: gradientFactors(tried, layer), pass: tried };
  }
}
