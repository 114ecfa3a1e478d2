import { MANY, type Manner } from '../training/manner';
import { planKey, type Plan, type Tracing } from '../training/plan';
import { planOf } from '../training/planner';
import type { Trials } from './trials';

/** What trials of one plan have in common. */
export interface Kind {
  /** The plan's. */
  readonly key: string;
  /** One of them. */
  readonly trial: number;
}

/** Plans that are kept: each may hold megabytes, and there may be one for every cell. */
const KEPT_PLANS = 8;
/** Trials of which the kind is kept. */
const KEPT_KINDS = 2 ** 16;

/** Which trials have the same plan, and the plans themselves, made when a wave needs them. */
export class TrialPlans {
  /** By key. */
  private readonly kinds = new Map<string, Kind>();
  /** By the trial that `Trials.samePlan` names. */
  private readonly kindsByTrial = new Map<number, Kind>();
  /** By key, the latest last. */
  private readonly plans = new Map<string, Plan>();

  constructor(
    private readonly trials: Trials,
    private readonly tracing: Tracing,
    private readonly manner: Manner = MANY,
  ) {}

  /** The same object for all trials of a plan. */
  kindOf(trial: number): Kind {
    const same = this.trials.samePlan(trial);
    let kind = this.kindsByTrial.get(same);
    if (!kind) {
      const key = planKey(this.trials.document(same), this.tracing);
      kind = this.kinds.get(key) ?? { key, trial: same };
      this.kinds.set(key, kind);
      if (this.kindsByTrial.size === KEPT_KINDS) this.kindsByTrial.clear();
      this.kindsByTrial.set(same, kind);
    }
    return kind;
  }

  planOf({ key, trial }: Kind): Plan {
    const plan = this.plans.get(key) ?? planOf(this.trials.document(trial), this.tracing, this.manner);
    this.plans.delete(key);
    this.plans.set(key, plan);
    const [oldest] = this.plans.keys();
    if (this.plans.size > KEPT_PLANS) this.plans.delete(oldest!);
    return plan;
  }
}
