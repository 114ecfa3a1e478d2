import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad, vmap } from '@jax-js/jax';
import type { Contestant, MatmulTask, Product, Training, TrainingTask } from './contestant';

type Tensor = np.Array;
type Layer = { weights: Tensor; gamma?: Tensor; beta?: Tensor };

/** jit(vmap(valueAndGrad)) on WebGPU, with one training step in each compiled call and with several. */
export async function jaxJs(): Promise<Contestant[]> {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js finds no WebGPU');
  defaultDevice('webgpu');
  return [
    ...[1, 4].map((unrolled): Contestant => ({
      library: 'jax-js',
      variant: unrolled === 1 ? '1 step a call' : `${unrolled} steps a call`,
      openTraining: (task) => openTraining(task, unrolled),
    })),
    { library: 'jax-js', variant: 'jit(matmul)', openProduct },
  ];
}

/** Every function owns its arguments: what is needed again is passed as `.ref`. */
function lossOf({ plan, documents }: TrainingTask) {
  const { model, loss } = documents[0]!;
  const normalize = (z: Tensor, gamma: Tensor, beta: Tensor) => {
    const centred = z.ref.sub(np.mean(z, 0, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), 0, { keepdims: true });
    const inverse = np.reciprocal(np.sqrt(variance.add(model.normalization.epsilon)));
    return centred.mul(inverse.mul(gamma)).add(beta);
  };
  const activate = (z: Tensor) =>
    plan.activation === 'tanh'
      ? np.tanh(z.mul(model.preactivationGain))
      : plan.activation === 'relu'
        ? nn.relu(z)
        : z;
  return (layers: Layer[], x: Tensor, y: Tensor): Tensor => {
    let a = x;
    for (const [index, { weights, gamma, beta }] of layers.entries()) {
      const { scale } = plan.layers[index]!;
      const product = np.matmul(a, weights);
      a = scale === 1 ? product : product.mul(scale);
      if (gamma && beta) a = normalize(a, gamma, beta);
      if (index < layers.length - 1) a = activate(a);
    }
    const mean = np.mean(np.square(a.sub(y)));
    return loss === 'half-mse' ? mean.mul(0.5) : mean;
  };
}

async function openTraining(task: TrainingTask, unrolled: number): Promise<Training> {
  const { data, documents, initial, rates } = task;
  const trials = documents.length;
  const gradient = valueAndGrad(lossOf(task));
  const stepOfOne = (layers: Layer[], layerRates: Tensor[], x: Tensor, y: Tensor): [Layer[], Tensor] => {
    const held = layers.map((layer) => mapLayer(layer, (tensor) => tensor.ref));
    const [loss, slopes] = gradient(held, x, y);
    const updated = layers.map((layer, index) => {
      const rate = layerRates[index]!;
      const slope: Layer = slopes[index]!;
      const next = mapLayer(layer, (tensor, name) => tensor.sub(rate.ref.mul(slope[name]!)));
      rate.dispose();
      return next;
    });
    return [updated, loss];
  };
  const stepOfAll = vmap(stepOfOne, [0, 0, null, null]);
  const steps = jit((layers: Layer[], layerRates: Tensor[], x: Tensor, y: Tensor): [Layer[], Tensor] => {
    let state: [Layer[], Tensor] | undefined;
    for (let t = 0; t < unrolled; t += 1) {
      state?.[1].dispose();
      state = stepOfAll(
        state?.[0] ?? layers,
        layerRates.map((rate) => rate.ref),
        x.ref,
        y.ref,
      );
    }
    for (const tensor of [...layerRates, x, y]) tensor.dispose();
    return state!;
  });

  const tensor = (values: Float32Array, shape: number[]) =>
    np.array(Float32Array.from(values)).reshape(shape);
  const x = tensor(data.x, [data.samples, data.inputs]);
  const y = tensor(data.y, [data.samples, data.outputs]);
  const layerRates = rates.map((values) => tensor(values, [trials]));
  let layers = initial.map(({ weights, gamma, beta }, index): Layer => {
    const { fanIn, fanOut } = task.plan.layers[index]!;
    return {
      weights: tensor(weights, [trials, fanIn, fanOut]),
      ...(gamma &&
        beta && { gamma: tensor(gamma, [trials, 1, fanOut]), beta: tensor(beta, [trials, 1, fanOut]) }),
    };
  });
  await blockUntilReady([layers, layerRates, x, y]);
  return {
    async train(least) {
      const calls = Math.ceil(least / unrolled);
      let losses: Tensor | undefined;
      for (let call = 0; call < calls; call += 1) {
        losses?.dispose();
        [layers, losses] = steps(
          layers,
          layerRates.map((rate) => rate.ref),
          x.ref,
          y.ref,
        );
      }
      await blockUntilReady(layers);
      return { steps: calls * unrolled, losses: await losses!.data() };
    },
    close() {
      for (const layer of layers) mapLayer(layer, (held) => (held.dispose(), held));
      for (const held of [...layerRates, x, y]) held.dispose();
      steps.dispose();
    },
  };
}

function mapLayer(
  { weights, gamma, beta }: Layer,
  change: (tensor: Tensor, name: keyof Layer) => Tensor,
): Layer {
  return {
    weights: change(weights, 'weights'),
    ...(gamma && beta && { gamma: change(gamma, 'gamma'), beta: change(beta, 'beta') }),
  };
}

async function openProduct({ batch, rows, inner, cols, a, b }: MatmulTask): Promise<Product> {
  const matrices = (values: Float32Array, height: number, width: number) =>
    np.array(Float32Array.from(values)).reshape(batch === 1 ? [height, width] : [batch, height, width]);
  const left = matrices(a, rows, inner);
  const right = matrices(b, inner, cols);
  const product = jit((one: Tensor, other: Tensor) => np.matmul(one, other));
  return {
    async multiply(times) {
      const results = Array.from({ length: times }, () => product(left.ref, right.ref));
      await blockUntilReady(results);
      for (const result of results) result.dispose();
    },
    async result() {
      return Float32Array.from(await product(left.ref, right.ref).data());
    },
    close() {
      left.dispose();
      right.dispose();
      product.dispose();
    },
  };
}
