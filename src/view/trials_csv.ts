import { cellOf } from '../experiment/axes';
import { COLUMN_NAMES, columnOf } from '../training/outcome_columns';
import { TOGETHER, type Outcomes } from './outcomes';

/** The columns of an outcome in `trials.csv`. */
const CSV_COLUMNS = COLUMN_NAMES.filter((name) => columnOf(name).csv !== undefined);

/**
 * `trials.csv` in pieces of one row of a map, without the trials that have not finished.
 * @param together trials of which the outcomes are asked for at once, or a row
 */
export function* trialLines({ source, table }: Outcomes, together = TOGETHER): Iterable<string> {
  const { grid, x, y } = source;
  yield `arm,replicate,ix,iy,x,y,${CSV_COLUMNS.map((name) => columnOf(name).csv).join(',')}\n`;
  const window = Math.max(1, Math.floor(together / grid.nx)) * grid.nx;
  for (let first = 0; first < grid.trials; first += window) {
    const results = table(first, Math.min(window, grid.trials - first));
    const outcome = CSV_COLUMNS.map((name) => ({ values: results[name], ...columnOf(name) }));
    for (let row = 0; row < results.trials; row += grid.nx) {
      let text = '';
      for (let at = row; at < row + grid.nx; at += 1) {
        if (!results.isFinished(at)) continue;
        const { arm, replicate, ix, iy } = cellOf(grid, first + at);
        const fields = [arm, replicate, ix, iy, x[ix]!, y ? y[iy]! : ''];
        for (const { values, names } of outcome) {
          const value = values[at]!;
          fields.push(names ? names[value]! : value);
        }
        text += `${fields.join(',')}\n`;
      }
      yield text;
    }
  }
}
