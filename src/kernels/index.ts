import type { Kernel } from './kernel';
import { matmul } from './matmul';
import { biasForward } from './bias_forward';
import { biasBackward } from './bias_backward';
import { batchNormForward } from './batch_norm_forward';
import { batchNormBackward } from './batch_norm_backward';
import { identityForward } from './identity_forward';
import { identityBackward } from './identity_backward';
import { reluForward } from './relu_forward';
import { reluBackward } from './relu_backward';
import { sigmoidForward } from './sigmoid_forward';
import { sigmoidBackward } from './sigmoid_backward';
import { tanhForward } from './tanh_forward';
import { tanhBackward } from './tanh_backward';
import { lossForward } from './loss_forward';
import { lossBackward } from './loss_backward';
import { sgdUpdate } from './sgd_update';
import { initialize } from './initialize';
import { norms } from './norms';
import { nonfinite } from './nonfinite';
import { outcomeRecord } from './outcome_record';
import { gather } from './gather';
import { saturation } from './saturation';

const LIST: readonly Kernel[] = [
  matmul,
  biasForward,
  biasBackward,
  batchNormForward,
  batchNormBackward,
  identityForward,
  identityBackward,
  reluForward,
  reluBackward,
  sigmoidForward,
  sigmoidBackward,
  tanhForward,
  tanhBackward,
  lossForward,
  lossBackward,
  sgdUpdate,
  initialize,
  norms,
  outcomeRecord,
  gather,
  saturation,
  nonfinite,
];

/** Every kernel by its name, which is also its files' stem. */
export const KERNELS: Readonly<Record<string, Kernel>> = Object.fromEntries(
  LIST.map((kernel) => [kernel.name, kernel]),
);
