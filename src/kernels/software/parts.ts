import subgroups from '../../../shaders/software/subgroups.wgsl?raw';
import type { WgslPart } from '../kernel';

export const softwarePart = (stem: string, text: string): WgslPart => ({
  file: `shaders/software/${stem}.wgsl`,
  text,
});

/** `enable subgroups;`, which stands before everything else. */
export const SUBGROUPS = softwarePart('subgroups', subgroups);
