import teamQuad from '../../../shaders/software/team_quad.wgsl?raw';
import teamSingle from '../../../shaders/software/team_single.wgsl?raw';
import { softwarePart } from './parts';

/** Four invocations that can exchange values. */
export const TEAM_QUAD = softwarePart('team_quad', teamQuad);
/** An invocation alone. */
export const TEAM_SINGLE = softwarePart('team_single', teamSingle);
