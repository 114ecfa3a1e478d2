import { STATE } from './state';
import { twin } from './twin';

/** state.nonfinite = how many of the values are NaN or infinite */
export const nonfinite = twin(['values', 'state'], [], ({ values, state }) => {
  state[STATE.nonfinite] = values.filter((value) => !Number.isFinite(value)).length;
});
