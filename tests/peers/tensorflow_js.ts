import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Contestant, MatmulTask, Product, Training, TrainingTask } from './contestant';

/** Batched operations over (trials × …) tensors with automatic gradients, everything else disposed of step by step. */
export async function tensorFlowJs(): Promise<Contestant[]> {
  await tf.setBackend('webgpu');
  await tf.ready();
  return [{ library: 'TensorFlow.js', variant: 'tidy, valueAndGrads', openTraining, openProduct }];
}

/**
 * Losses of all trials; `parameters` are the layers' weights, each followed by γ and β where there are any.
 * Activations are (trials × units × samples): sums over the samples need no transposition then.
 */
function lossOf({ plan, documents }: TrainingTask, x: tf.Tensor, y: tf.Tensor) {
  const { model, loss } = documents[0]!;
  const normalize = (z: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
    const centred = tf.sub(z, tf.mean(z, 2, true));
    const variance = tf.mean(tf.square(centred), 2, true);
    const inverse = tf.rsqrt(tf.add(variance, model.normalization.epsilon));
    return tf.add(tf.mul(centred, tf.mul(inverse, gamma)), beta);
  };
  const apply = (a: tf.Tensor, weights: tf.Tensor) => {
    const [, fanIn, fanOut] = weights.shape;
    if (fanIn === 1 && fanOut === 1) return tf.mul(a, weights); // five times as fast as matMul
    return tf.matMul(weights, a, true);
  };
  const factor = (layer: number) =>
    plan.layers[layer]!.scale * (layer < plan.layers.length - 1 ? model.preactivationGain : 1);
  return (...parameters: tf.Tensor[]): tf.Tensor => {
    let at = 0;
    let a = x;
    for (const [layer, { normalized }] of plan.layers.entries()) {
      const weights = parameters[at++]!;
      // Scaling the weights is less work than scaling what they make of every sample.
      a = apply(a, factor(layer) === 1 ? weights : tf.mul(weights, factor(layer)));
      if (normalized) a = normalize(a, parameters[at++]!, parameters[at++]!);
      if (layer === plan.layers.length - 1) continue;
      if (plan.activation === 'tanh') a = tf.tanh(a);
      if (plan.activation === 'relu') a = tf.relu(a);
    }
    const mean = tf.mean(tf.square(tf.sub(a, y)), [1, 2]);
    return loss === 'half-mse' ? tf.mul(mean, 0.5) : mean;
  };
}

async function openTraining(task: TrainingTask): Promise<Training> {
  const { data, documents, initial, plan } = task;
  const trials = documents.length;
  const turned = (values: Float32Array, columns: number) =>
    tf.tidy(() => tf.transpose(tf.tensor3d(values, [1, data.samples, columns]), [0, 2, 1]));
  const x = turned(data.x, data.inputs);
  const y = turned(data.y, data.outputs);
  const ones = tf.ones([trials]);
  const layerRates = task.rates.map((values) => tf.tensor3d(values, [trials, 1, 1]));
  let parameters = initial.flatMap(({ weights, gamma, beta }, layer) => {
    const { fanIn, fanOut } = plan.layers[layer]!;
    return [
      tf.tensor3d(weights, [trials, fanIn, fanOut]),
      ...(gamma && beta ? [gamma, beta].map((values) => tf.tensor3d(values, [trials, fanOut, 1])) : []),
    ];
  });
  const rates = plan.layers.flatMap(({ normalized }, layer) =>
    Array.from({ length: normalized ? 3 : 1 }, () => layerRates[layer]!),
  );
  const gradient = tf.valueAndGrads(lossOf(task, x, y));
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = gradient(parameters, ones);
      const next = parameters.map((parameter, i): tf.Tensor3D =>
        tf.sub(parameter, tf.mul(rates[i]!, grads[i]!)),
      );
      return { losses: value, next };
    });
  return {
    async train(steps) {
      let losses: tf.Tensor | undefined;
      for (let t = 0; t < steps; t += 1) {
        losses?.dispose();
        const result = step();
        tf.dispose(parameters);
        parameters = result.next;
        losses = result.losses;
      }
      // The last update is in the queue already, before the losses' copy.
      const values = await losses!.data<'float32'>();
      losses!.dispose();
      return { steps, losses: values };
    },
    close: () => tf.dispose([x, y, ones, layerRates, parameters]),
  };
}

async function openProduct({ batch, rows, inner, cols, a, b }: MatmulTask): Promise<Product> {
  const left = batch === 1 ? tf.tensor2d(a, [rows, inner]) : tf.tensor3d(a, [batch, rows, inner]);
  const right = batch === 1 ? tf.tensor2d(b, [inner, cols]) : tf.tensor3d(b, [batch, inner, cols]);
  return {
    async multiply(times) {
      const results = Array.from({ length: times }, () => tf.matMul(left, right));
      const end = tf.slice(results.at(-1)!, 0, 1);
      await end.data();
      tf.dispose([end, results]);
    },
    async result() {
      const product = tf.matMul(left, right);
      const values = Float32Array.from(await product.data<'float32'>());
      product.dispose();
      return values;
    },
    close: () => tf.dispose([left, right]),
  };
}
