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
import { gather } from './gather';
import { initialize } from './initialize';
import { norms } from './norms';
import { nonfinite } from './nonfinite';
import { outcomeRecord } from './outcome_record';
import { saturation } from './saturation';
import { sgdUpdate } from './sgd_update';
import type { Twin } from './twin';

/** Every kernel's CPU twin, by the kernel's name. */
export const TWINS: Readonly<Record<string, Twin>> = {
  matmul,
  bias_forward: biasForward,
  bias_backward: biasBackward,
  batch_norm_forward: batchNormForward,
  batch_norm_backward: batchNormBackward,
  identity_forward: identityForward,
  identity_backward: identityBackward,
  relu_forward: reluForward,
  relu_backward: reluBackward,
  sigmoid_forward: sigmoidForward,
  sigmoid_backward: sigmoidBackward,
  tanh_forward: tanhForward,
  tanh_backward: tanhBackward,
  loss_forward: lossForward,
  loss_backward: lossBackward,
  gather,
  initialize,
  norms,
  outcome_record: outcomeRecord,
  sgd_update: sgdUpdate,
  saturation,
  nonfinite,
};
