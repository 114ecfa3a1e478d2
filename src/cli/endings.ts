import { ExperimentError } from '../experiment/types';
import { DeviceFaultError, DeviceLostError, GpuUnavailableError, LimitExceededError } from '../gpu/errors';
import { InfeasibleError } from '../scheduler/feasible';
import { EngineFaultError, EngineLostError } from '../training/engine';
import { CallError, Interrupted, systemCode } from './command';
import { EXIT } from './exit.mjs';
import { UnwritableError } from './writing';

/** How a command ends that cannot do all that it was asked for. */
export interface Ending {
  readonly status: (typeof EXIT)[keyof typeof EXIT];
  readonly words: string;
}

/**
 * How a command ends by an error; nothing for one that is a mistake in normscape.
 * @param begun whether there was an adapter before
 */
export function endingOf(error: unknown, { begun = false } = {}): Ending | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (
    error instanceof CallError ||
    error instanceof ExperimentError ||
    error instanceof InfeasibleError ||
    error instanceof LimitExceededError
  )
    return { status: EXIT.wrong, words: message };
  if (error instanceof GpuUnavailableError) {
    const words = error.state === 'no-webgpu' ? 'WebGPU cannot be loaded here' : message;
    return { status: begun ? EXIT.deviceLost : EXIT.noAdapter, words };
  }
  if (error instanceof EngineLostError || error instanceof DeviceLostError)
    return { status: EXIT.deviceLost, words: `the graphics device was lost again and again (${message})` };
  if (error instanceof EngineFaultError || error instanceof DeviceFaultError)
    return { status: EXIT.deviceLost, words: `the graphics device computed wrongly (${message})` };
  if (error instanceof UnwritableError || systemCode(error) !== undefined)
    return { status: EXIT.unwritable, words: message };
  if (error instanceof Interrupted) return { status: EXIT.interrupted, words: message };
  return undefined;
}
