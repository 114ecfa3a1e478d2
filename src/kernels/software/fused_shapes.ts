import memoryPrivate from '../../../shaders/software/memory_private.wgsl?raw';
import teamQuad from '../../../shaders/software/team_quad.wgsl?raw';
import { softwarePart } from './parts';

/** Four invocations that can exchange values. */
export const TEAM_QUAD = softwarePart('team_quad', teamQuad);
/** A trial's memory in its invocation's own. */
export const MEMORY_PRIVATE = softwarePart('memory_private', memoryPrivate);
