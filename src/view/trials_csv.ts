import { cellOf } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import type { TrialSource } from '../scheduler/trial_source';
import { COLUMN_NAMES, columnOf } from '../training/outcome_columns';

/** The columns of an outcome in `trials.csv`. */
const CSV_COLUMNS = COLUMN_NAMES.filter((name) => columnOf(name).csv !== undefined);

/** `trials.csv` in pieces of one row of a map, without the trials that have not finished. */
export function* trialLines({ grid, x, y }: TrialSource, results: ResultTable): Iterable<string> {
  const outcome = CSV_COLUMNS.map((name) => ({ values: results[name], ...columnOf(name) }));
  yield `arm,replicate,ix,iy,x,y,${outcome.map(({ csv }) => csv).join(',')}\n`;
  for (let first = 0; first < grid.trials; first += grid.nx) {
    let text = '';
    for (let trial = first; trial < first + grid.nx; trial += 1) {
      if (!results.isFinished(trial)) continue;
      const { arm, replicate, ix, iy } = cellOf(grid, trial);
      const fields = [arm, replicate, ix, iy, x[ix]!, y ? y[iy]! : ''];
      for (const { values, names } of outcome) {
        const value = values[trial]!;
        fields.push(names ? names[value]! : value);
      }
      text += `${fields.join(',')}\n`;
    }
    yield text;
  }
}
