import { twin } from './twin';

/** Where in a state the count is. */
const NONFINITE = 10;

/** state[NONFINITE] = how many of the values are NaN or infinite */
export const nonfinite = twin(['values', 'state'], [], ({ values, state }) => {
  state[NONFINITE] = values.filter((value) => !Number.isFinite(value)).length;
});
