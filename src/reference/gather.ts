import { mulhi, philox } from './philox';
import { STATE } from './state';
import { twin } from './twin';

/** The key's second word: random numbers for minibatches. */
const MINIBATCH_STREAM = 2;

/** Row j of batch_x and batch_y ← sample mulhi(philox(key (seed, 2), counter (0, j, clock, 0))[0], samples) of x and y */
export const gather = twin(
  ['x', 'y', 'state', 'batch_x', 'batch_y'],
  ['samples', 'batch', 'inputs', 'outputs', 'seed'],
  ({ x, y, state, batch_x, batch_y }, { samples, batch, inputs, outputs, seed }) => {
    for (let j = 0; j < batch; j++) {
      const [random] = philox([seed, MINIBATCH_STREAM], [0, j, state[STATE.clock]!, 0]);
      const sample = mulhi(random, samples);
      for (let i = 0; i < inputs; i++) batch_x[j * inputs + i] = x[sample * inputs + i]!;
      for (let i = 0; i < outputs; i++) batch_y[j * outputs + i] = y[sample * outputs + i]!;
    }
  },
);
