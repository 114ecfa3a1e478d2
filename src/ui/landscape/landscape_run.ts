import { operationsAlong, type AlongTraining } from '../../measures/along_training';
import { REACHES } from '../../measures/landscape';
import type { Lab } from '../../service/lab';
import type { LabCompute, LabEngine } from '../../service/lab_protocol';
import { LookTable } from '../../view/looks';
import { formatNumber } from '../../view/number_format';
import { atRate, comparedOf, rateAt, type Compared, type Shown } from './landscape_networks';
import { lookSteps } from './landscape_view';

/** Step lengths that a landscape is probed at. */
const POINTS = 8;
/** Looks at sharpness, and rows of the maps, at the most: a sharpness costs as much as a hundred other looks, a row is one at many trials. */
const FEWER_LOOKS = 20;
/** Milliseconds between two drawings at the least: parts come by the dozen a second. */
const PACE = 250;
/** Multiply-adds that a person waits for: some minutes of a CPU, or of a GPU. */
const MOST_OPERATIONS: Readonly<Record<LabEngine, number>> = { float64: 5e10, gpu: 1e12 };

/** One of the tab's measurements, as far as it has come. */
export interface Measured {
  readonly request: AlongTraining;
  readonly table: LookTable;
  /** Who computes it, once it has begun. */
  readonly compute: LabCompute | undefined;
  readonly state: 'waits' | 'runs' | 'done' | 'failed';
  /** Why it failed, in words. */
  readonly words: string;
}

/** What a network shows, measured. */
export interface Measurements {
  readonly compared: Compared;
  /** Landscape and shift of each arm. */
  readonly path: Measured;
  readonly sharpness: Measured;
  /** The landscape at each of the rates: trial arm·count + column. */
  readonly rates: Measured;
}

/** What is found along the path of training. */
export type LandscapeFound = Pick<Measurements, 'compared' | 'path'>;

const PARTS = ['path', 'sharpness', 'rates'] as const;
type Part = (typeof PARTS)[number];

/** Measures what the tab shows, as long as it is shown; `change` follows every part. */
export class LandscapeRun extends EventTarget {
  private readonly measuring = new Map<Part, Measuring>();
  private drawing: ReturnType<typeof setTimeout> | undefined;

  /** @param hasGpu whether the page does; what takes many trials at once is then measured there, else in float64 like the rest */
  constructor(
    private readonly lab: Lab,
    private readonly hasGpu = 'gpu' in navigator,
  ) {
    super();
  }

  /** What there is of a state; what is missing is measured. */
  of(shown: Shown): Measurements {
    const compared = comparedOf(shown);
    const looks = lookSteps(shown.landscape);
    const of = (part: Part) => {
      const key = keyOf(shown, part);
      const before = this.measuring.get(part);
      if (before?.key === key && !before.isLeft) return before;
      before?.leave();
      const measuring = new Measuring(key, requestOf(shown, compared, looks, part), () => this.changed());
      this.measuring.set(part, measuring);
      void measuring.measure(this.lab, part === 'rates' && this.hasGpu ? 'gpu' : 'float64');
      return measuring;
    };
    return { compared, path: of('path'), sharpness: of('sharpness'), rates: of('rates') };
  }

  /** What there is of a state already; nothing where none of it was asked for. */
  found(shown: Shown): LandscapeFound | undefined {
    const path = this.measuring.get('path');
    return path?.key === keyOf(shown, 'path') ? { compared: comparedOf(shown), path } : undefined;
  }

  private changed(): void {
    this.drawing ??= setTimeout(() => {
      this.drawing = undefined;
      this.dispatchEvent(new Event('change'));
    }, PACE);
  }

  /** Ends what is under way; it begins anew when it is next asked for. */
  leave(): void {
    for (const measuring of this.measuring.values()) measuring.leave();
  }
}

class Measuring implements Measured {
  table: LookTable;
  compute: LabCompute | undefined;
  state: Measured['state'] = 'waits';
  words = '';
  private readonly ending = new AbortController();

  constructor(
    readonly key: string,
    readonly request: AlongTraining,
    private readonly changed: () => void,
  ) {
    this.table = new LookTable(request.trials.length);
  }

  /** Whether it was left before it ended. */
  get isLeft(): boolean {
    return this.ending.signal.aborted;
  }

  leave(): void {
    if (this.state === 'waits' || this.state === 'runs') this.ending.abort();
  }

  async measure(lab: Lab, engine: LabEngine): Promise<void> {
    const { request } = this;
    const { signal } = this.ending;
    try {
      const operations = operationsAlong(request);
      if (operations > MOST_OPERATIONS[engine]) throw new Error(tooMuch(operations, MOST_OPERATIONS[engine]));
      await lab.measure('along_training', request, {
        engine,
        signal,
        began: (compute) => {
          Object.assign(this, { compute, state: 'runs', table: new LookTable(request.trials.length) });
          this.changed();
        },
        tell: (part) => {
          this.table.enter(part);
          this.changed();
        },
      });
      this.state = 'done';
    } catch (error) {
      this.state = 'failed';
      this.words = error instanceof Error ? error.message : String(error);
    }
    if (!signal.aborted) this.changed();
  }
}

/** What decides a measurement. */
function keyOf(shown: Shown, part: Part): string {
  const { net, rate, steps, every, reach } = shown.landscape;
  const map = net === 'map' && [shown.experiment, shown.map.at.at(-1)];
  return JSON.stringify([net, steps, every, map, part !== 'rates' && rate, part !== 'sharpness' && reach]);
}

function requestOf(shown: Shown, compared: Compared, looks: readonly number[], part: Part): AlongTraining {
  const trials = compared.arms.map(({ trial }) => trial);
  const stride = Math.ceil(looks.length / FEWER_LOOKS);
  const fewer = looks.filter((_, i) => i % stride === 0);
  const common = { trials, looks, reach: REACHES[shown.landscape.reach], points: POINTS };
  switch (part) {
    case 'path':
      return { ...common, probes: ['landscape', 'shift'] };
    case 'sharpness':
      return { ...common, looks: fewer, probes: ['sharpness'] };
    case 'rates': {
      const columns = Array.from({ length: compared.rates.count }, (_, column) => rateAt(compared, column));
      const everywhere = trials.flatMap((trial) => columns.map((rate) => atRate(trial, rate)));
      return { ...common, trials: everywhere, looks: fewer, probes: ['landscape'] };
    }
  }
}

function tooMuch(operations: number, most: number): string {
  return `This would take about ${formatNumber(operations, 2)} multiply-adds, and ${formatNumber(most, 2)} are what one waits for: choose fewer steps, fewer looks or a smaller network.`;
}
