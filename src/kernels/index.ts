import { activationBackward, activationForward } from './activation';
import { batchNormBackward, batchNormForward } from './batch_norm';
import { biasBackward, biasForward } from './bias';
import { gather } from './gather';
import { initialize } from './initialize';
import type { Kernel } from './kernel';
import { lossBackward, lossForward } from './loss';
import { matmul } from './matmul';
import { nonfinite } from './nonfinite';
import { norms } from './norms';
import { outcomeRecord } from './outcome_record';
import { saturation } from './saturation';
import { sgdUpdate } from './sgd_update';

const LIST: readonly Kernel[] = [
  matmul,
  biasForward,
  biasBackward,
  batchNormForward,
  batchNormBackward,
  activationForward,
  activationBackward,
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

/** Every kernel by its name, which is also its shader's stem. */
export const KERNELS: Readonly<Record<string, Kernel>> = Object.fromEntries(
  LIST.map((kernel) => [kernel.name, kernel]),
);
