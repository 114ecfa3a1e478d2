/** What the commands have in common. */

export interface CommandIo {
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  /** What stands for `navigator.gpu`; nothing where WebGPU cannot be loaded. */
  gpu(): Promise<GPU | undefined>;
  /** Aborted when the user wants to stop. */
  readonly interrupt: AbortSignal;
}

/** Something about the call is wrong: which argument, what was found, and what is allowed. */
export class CallError extends Error {
  override readonly name = 'CallError';
  constructor(argument: string, found: string, allowed: string) {
    super(`${argument}: found ${found}, allowed: ${allowed}`);
  }
}

/** A text as one line, whatever file names and names of arms it quotes. */
export function oneLine(text: string): string {
  return `${text.replace(/[\s\p{Cc}]+/gu, ' ').trim()}\n`;
}

/** The system's word for what went wrong with a file, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
