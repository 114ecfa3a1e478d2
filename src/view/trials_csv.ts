import { cellOf } from '../experiment/axes';
import { columnOf, csvColumns } from '../training/outcome_columns';
import { TOGETHER, type Outcomes } from './outcomes';

/**
 * `trials.csv` in pieces of one row of a map, without the trials that have not finished.
 * @param together trials of which the outcomes are asked for at once, or a row
 */
export function* trialLines({ source, table }: Outcomes, together = TOGETHER): Iterable<string> {
  const { experiment, grid, x, y } = source;
  const columns = csvColumns(experiment.measures);
  yield `arm,replicate,ix,iy,x,y,${columns.map(([header]) => header).join(',')}\n`;
  const window = Math.max(1, Math.floor(together / grid.nx)) * grid.nx;
  for (let first = 0; first < grid.trials; first += window) {
    const results = table(first, Math.min(window, grid.trials - first));
    const outcome = columns.map(([, name]) => ({ values: results[name], names: columnOf(name).names }));
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
