import type { Experiment } from '../experiment/types';
import { CLASS_NUMBER } from '../scheduler/results';
import { axisWords } from './cell_words';
import type { Cell } from './headline';
import { formatNumber } from './number_format';
import type { Shaded } from './outcome_words';
import { representative } from './representative';

/** What a cell is, arm by arm, in as few words as stand beside a pointer. */
export interface Readout {
  /** The values of the axes. */
  readonly place: readonly string[];
  readonly arms: readonly ReadoutArm[];
}

export interface ReadoutArm {
  readonly name: string;
  readonly state: string;
  /** At the end; of a trial that still trains, so far. Empty while there is none. */
  readonly loss: string;
  /** Empty before the trial has finished. */
  readonly score: string;
}

export function readoutOf({ axes, arms }: Experiment, { table, grid }: Shaded, { ix, iy }: Cell): Readout {
  return {
    place: [axisWords(axes.x, ix), ...(axes.y ? [axisWords(axes.y, iy)] : [])],
    arms: arms.map(({ name }, arm) => {
      const trial = representative(table, grid, arm, ix, iy);
      if (trial === undefined) return { name, state: 'waiting', loss: '', score: '' };
      const loss = formatNumber(table.lossFinal[trial]!);
      if (table.class[trial] === CLASS_NUMBER.training) return { name, state: 'training', loss, score: '' };
      return { name, state: table.stateOf(trial)!, loss, score: formatNumber(table.score[trial]!) };
    }),
  };
}
