import type { Kernel } from './kernel';
import { ACTIVATION_PARTS, blocksOf } from './parts';

/** y = φ(gain·x): x and y of one length, one gain. */
export function activationForward(activation: string, source: string): Kernel {
  return {
    name: `${activation}_forward`,
    source,
    shared: ACTIVATION_PARTS,
    tensors: { x: 'read', gain: 'read', y: 'read_write' },
    fields: {},
    variant: [],
    ...blocksOf('y'),
  };
}

/** dx = dy·gain·φ′, from the output y: y, dy and dx of one length, one gain. */
export function activationBackward(activation: string, source: string): Kernel {
  return {
    name: `${activation}_backward`,
    source,
    shared: ACTIVATION_PARTS,
    tensors: { y: 'read', dy: 'read', gain: 'read', dx: 'read_write' },
    fields: {},
    variant: [],
    ...blocksOf('dx'),
  };
}
