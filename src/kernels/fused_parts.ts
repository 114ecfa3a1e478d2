import backward from '../../shaders/fused/backward.wgsl?raw';
import data from '../../shaders/fused/data.wgsl?raw';
import examining from '../../shaders/fused/examining.wgsl?raw';
import forward from '../../shaders/fused/forward.wgsl?raw';
import judging from '../../shaders/fused/judging.wgsl?raw';
import losses from '../../shaders/fused/losses.wgsl?raw';
import normalization from '../../shaders/fused/normalization.wgsl?raw';
import type { WgslPart } from './kernel';

export const fusedPart = (stem: string, text: string): WgslPart => ({
  file: `shaders/fused/${stem}.wgsl`,
  text,
});

/** What a step of the fused kernel is made of. */
export const DATA = fusedPart('data', data);
export const FORWARD = fusedPart('forward', forward);
export const NORMALIZATION = fusedPart('normalization', normalization);
/** What the judge asks for, of a network whose layers are in memory. */
export const LOSSES = fusedPart('losses', losses);
export const JUDGING = fusedPart('judging', judging);
export const EXAMINING = fusedPart('examining', examining);
export const BACKWARD = fusedPart('backward', backward);
