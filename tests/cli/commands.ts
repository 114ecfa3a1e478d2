import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sweepCommand } from '../../src/cli/sweep';

/** A new folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'normscape-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The experiment's file, in a folder in which nothing else is. */
export function experimentFile(document: unknown): { file: string; folder: string; out: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'experiment.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return { file, folder, out: join(folder, 'out') };
}

interface Surroundings {
  interrupt?: AbortSignal;
  /** Standard error is a terminal, which shows this. */
  terminal?: (text: string) => unknown;
}

/** `sweep` in this process, on a machine without a GPU. */
export async function sweepHere(args: readonly string[], { interrupt, terminal }: Surroundings = {}) {
  let stderr = '';
  const status = await sweepCommand(args, {
    stderr: {
      write: (text) => {
        stderr += text;
        terminal?.(text);
      },
      isTTY: terminal !== undefined,
    },
    gpu: async () => undefined,
    interrupt: interrupt ?? new AbortController().signal,
  });
  return { status, stderr };
}

const LAUNCHER = new URL('../../src/cli/launch.mjs', import.meta.url).pathname;

export const startSweep = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  startCommand('sweep', args, environment);

/** A command as a process of its own, and the leader of its group. */
export function startCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [LAUNCHER, command, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (output.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (status) => resolve({ status, ...output }));
  });
  return {
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    /** To the launcher alone. */
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** To all its processes, as a terminal does. */
    signalGroup: (signal: NodeJS.Signals) => process.kill(-child.pid!, signal),
  };
}

/** Outcomes that the checkpoint in a folder holds; 0 while there is none. */
export function keptTrials(out: string): number {
  try {
    const lines = readFileSync(join(out, 'checkpoint.jsonl'), 'utf8').split('\n').slice(1, -1);
    return lines.flatMap((line): unknown[] => JSON.parse(line)).length;
  } catch {
    return 0;
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Two small nets on a grid that reaches from learning rates too small to ones too large. */
export function smallDocument(nx: number, ny: number, steps: number) {
  return {
    format: 'normscape/experiment',
    version: 1,
    name: 'small',
    model: { inputs: 4, hidden: [6, 6], outputs: 1, activation: 'relu' },
    data: { type: 'teacher', samples: 16 },
    loss: 'half-mse',
    optimizer: { learningRate: 0.1, steps },
    axes: {
      x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.001, to: 1000, count: nx },
      y: { parameter: 'model.initialization.gain', scale: 'log', from: 0.5, to: 4, count: ny },
    },
  };
}
