import { STATE } from './state';
import { twin } from './twin';

/** ‖gradient‖₂ and ‖parameters‖₂ of one layer into row clock mod ring of out, from `column` on; clock that of the state */
export const norms = twin(
  ['parameters', 'gradient', 'state', 'out'],
  ['ring', 'row', 'column'],
  ({ parameters, gradient, state, out }, { ring, row, column }) => {
    const at = (state[STATE.clock]! % ring) * row + column;
    out[at] = norm(gradient);
    out[at + 1] = norm(parameters);
  },
);

/** ‖vector‖₂, however long it is. */
export function norm(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
