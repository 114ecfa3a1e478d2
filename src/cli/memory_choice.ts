import { DEFAULT_MEMORY } from '../scheduler/memory';
import { MEMORY_ALLOWED, parseMemory } from '../service/memory_choice';
import { CallError, quoted } from './command';

export { MEMORY_ALLOWED };

/**
 * Bytes of GPU memory by `--memory`.
 * @throws CallError
 */
export function memoryChoice(value: string | undefined): number {
  if (value === undefined) return DEFAULT_MEMORY;
  const memory = parseMemory(value);
  if (memory === undefined) throw new CallError('--memory', quoted(value), MEMORY_ALLOWED);
  return memory;
}
