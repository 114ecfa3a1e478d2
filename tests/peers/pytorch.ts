import type { Contestant, Training, TrainingTask } from './contestant';

/** What tests/peers/torch_cpu.py is told. */
export type TorchRequest = { open: object } | { train: number };
export interface TorchAnswer {
  steps: number;
  losses?: number[];
}

declare global {
  interface Window {
    /** PyTorch in a process beside the browser; there where some Python has it. */
    torch?: (request: TorchRequest) => Promise<TorchAnswer>;
  }
}

/** Batched operations over (trials × …) tensors with autograd, on the CPU. */
export function pyTorch(torch: NonNullable<Window['torch']>): Contestant[] {
  const openTraining = async (task: TrainingTask): Promise<Training> => {
    await torch({ open: await described(task) });
    return {
      async train(steps) {
        const answer = await torch({ train: steps });
        return { steps: answer.steps, losses: answer.losses ?? [] };
      },
      close: () => undefined, // the next task takes its place
    };
  };
  return [{ library: 'PyTorch', variant: 'CPU, two threads, bmm, autograd', openTraining }];
}

/** The task in JSON. */
async function described({ plan, documents, data, initial, rates }: TrainingTask): Promise<object> {
  const { model, loss } = documents[0]!;
  const layers = plan.layers.map(async ({ fanIn, fanOut, scale }, index) => {
    const { weights, gamma, beta } = initial[index]!;
    return {
      fanIn,
      fanOut,
      factor: scale * (index < plan.layers.length - 1 ? model.preactivationGain : 1),
      weights: await base64(weights),
      rates: await base64(rates[index]!),
      ...(gamma && beta && { gamma: await base64(gamma), beta: await base64(beta) }),
    };
  });
  return {
    trials: documents.length,
    samples: data.samples,
    activation: plan.activation,
    epsilon: model.normalization.epsilon,
    lossFactor: loss === 'half-mse' ? 0.5 : 1,
    x: await base64(data.x),
    y: await base64(data.y),
    layers: await Promise.all(layers),
  };
}

/** float32 numbers as text. */
function base64(values: Float32Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^.*,/, '')));
    reader.addEventListener('error', () => reject(reader.error!));
    reader.readAsDataURL(new Blob([Float32Array.from(values)]));
  });
}
