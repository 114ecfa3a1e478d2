/** What the commands have in common. */

export interface CommandIo {
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  /** What stands for `navigator.gpu`; nothing where WebGPU cannot be loaded. */
  gpu(): Promise<GPU | undefined>;
  /** Aborted when the user wants to stop. */
  readonly interrupt: AbortSignal;
}

/** Characters of each part of a complaint at the most, so that it is under 300 whatever it quotes. */
const MOST = { argument: 30, found: 140, allowed: 110 } as const;

/** Something about the call is wrong: which argument, what was found, and what is allowed. */
export class CallError extends Error {
  override readonly name = 'CallError';
  constructor(
    readonly argument: string,
    readonly found: string,
    readonly allowed: string,
  ) {
    super(
      `${clipped(argument, MOST.argument)}: found ${clipped(found, MOST.found)}, allowed: ${clipped(allowed, MOST.allowed)}`,
    );
  }
}

/** The user wants the command to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor() {
    super('interrupted');
  }
}

/** Milliseconds that work has to come to an end of its own; the launcher waits a little longer. */
const GRACE = 1500;

/**
 * What `work` comes to.
 * @throws Interrupted when it still goes on a while after the user wanted to stop
 */
export async function unlessInterrupted<Result>(
  interrupt: AbortSignal,
  work: Promise<Result>,
  grace = GRACE,
): Promise<Result> {
  const ended = new AbortController();
  const over = new Promise<never>((_, reject) => {
    const begin = () => {
      const timer = setTimeout(() => reject(new Interrupted()), grace);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
    };
    if (interrupt.aborted) begin();
    else interrupt.addEventListener('abort', begin, { signal: ended.signal });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    ended.abort();
  }
}

/** A text as one line, whatever file names and names of arms it quotes. */
export function oneLine(text: string): string {
  return `${text.replace(/[\s\p{Cc}]+/gu, ' ').trim()}\n`;
}

/** Characters of a path or value that a complaint quotes. */
const QUOTED = 60;

/** A text without its middle where it is too long: of a path the ends say most. */
export function clipped(text: string, most = QUOTED): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(head + 1 - most)}`;
}

/** A value that the user gave. */
export function quoted(text: string): string {
  return `"${clipped(text)}"`;
}

/** The system's word for why it refused something, such as `ENOENT`; nothing for an error of another kind. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z0-9]+$/.test(code) ? code : undefined; // Node's own begin with `ERR_`
}
