import type { AlongPart, Band, Look } from '../measures/along_training';
import { median, type CurveData } from './curves';

/** What was found of trials along their training, so far: it grows part by part. */
export class LookTable {
  private readonly looks: Look[][];
  private readonly diverged = new Map<number, number>();
  /** Parts so far. */
  parts = 0;

  constructor(trials: number) {
    this.looks = Array.from({ length: trials }, () => []);
  }

  enter({ looks, diverged }: AlongPart): void {
    this.parts += 1;
    for (const look of looks) this.looks[look.trial]!.push(look);
    for (const { trial, step } of diverged) this.diverged.set(trial, step);
  }

  /** By step. */
  of(trial: number): readonly Look[] {
    return this.looks[trial]!;
  }

  /** The step at which a trial diverged; nothing as long as it has not. */
  divergedAt(trial: number): number | undefined {
    return this.diverged.get(trial);
  }

  /** The largest step at which any trial was looked at; nothing before the first. */
  get lastStep(): number | undefined {
    const steps = this.looks.flatMap((looks) => looks.at(-1)?.step ?? []);
    return steps.length > 0 ? Math.max(...steps) : undefined;
  }
}

/** What of a look a curve shows; nothing where it has none. */
export type Pick = (look: Look) => number | undefined;

/** Curves over the steps at which trials were looked at, a trial after the other and of each what is picked, in turn. */
export function lookCurves(table: LookTable, trials: readonly number[], picks: readonly Pick[]): CurveData {
  const steps = [...new Set(trials.flatMap((trial) => table.of(trial).map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  const columns = trials.flatMap((trial) => {
    const at = new Map(table.of(trial).map((look) => [look.step, look]));
    return picks.map((pick) =>
      steps.map((step) => {
        const look = at.get(step);
        return (look && pick(look)) ?? null;
      }),
    );
  });
  return [steps, ...columns];
}

/** The most of a band, and its least: with `Curve.bandTo` they are one. */
export function bandPicks(band: (look: Look) => Band | undefined): readonly [Pick, Pick] {
  return [(look) => band(look)?.[1], (look) => band(look)?.[0]];
}

/** Of trials the |λ|, then where λ is below 0 that once more, and last the line above which descent is not stable. */
export function sharpnessCurves(table: LookTable, trials: readonly number[], edge: number): CurveData {
  const size: Pick = ({ sharpness }) => sharpness && Math.abs(sharpness.value);
  const negative: Pick = ({ sharpness }) => (sharpness && sharpness.value < 0 ? -sharpness.value : undefined);
  const [steps, ...sizes] = lookCurves(table, trials, [size]);
  const [, ...negatives] = lookCurves(table, trials, [negative]);
  return [steps, ...sizes, ...negatives, steps.map(() => edge)];
}

/** What of a layer's shift is drawn: ‖G − G′‖₂, or the cosine between G and G′. */
export type ShiftPart = 'difference' | 'cosine';

/** By layer, from 1, at the look at a step; a trial that was over by then has none. */
export function shiftByLayer(
  table: LookTable,
  trials: readonly number[],
  step: number,
  part: ShiftPart,
): CurveData {
  const looks = trials.map((trial) => table.of(trial).find((look) => look.step === step));
  const layers = Math.max(0, ...looks.map((look) => look?.shift?.length ?? 0));
  const numbers = Array.from({ length: layers }, (_, i) => i + 1);
  return [numbers, ...looks.map((look) => numbers.map((layer) => look?.shift?.[layer - 1]?.[part] ?? null))];
}

/** Over all layers that have layers below. */
export function meanCosine({ shift }: Look): number | undefined {
  const cosines = shift?.slice(1).map(({ cosine }) => cosine) ?? [];
  return cosines.length > 0 ? cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length : undefined;
}

/** What is picked at the first look, and the median of it over all; nothing where there is none. */
export function startAndMedian(
  table: LookTable,
  trial: number,
  pick: Pick,
): { readonly start: number; readonly median: number } | undefined {
  const values = table.of(trial).flatMap((look) => pick(look) ?? []);
  return values.length > 0 ? { start: values[0]!, median: median(values) } : undefined;
}

/** How far a landscape's losses spread, in units of the loss that they begin from. */
export function lossVariation({ loss, landscape }: Look): number | undefined {
  return landscape && (landscape.loss[1] - landscape.loss[0]) / loss;
}

/** The most that the gradient changes along itself, in units of its length. */
export function gradientChange({ gradientNorm, landscape }: Look): number | undefined {
  return landscape && landscape.predictiveness[1] / gradientNorm;
}
