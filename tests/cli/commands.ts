import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import type { CommandIo } from '../../src/cli/command';
import { compiledCommandLine } from '../../src/cli/compile.mjs';
import { mergeCommand } from '../../src/cli/merge';
import { sweepCommand } from '../../src/cli/sweep';
import { OUTCOME_BYTES } from '../../src/scheduler/column_codec';

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
  gpu?: () => Promise<GPU | undefined>;
}

/** `sweep` in this process, on a machine without a GPU unless one is given. */
export const sweepHere = (args: readonly string[], surroundings: Surroundings = {}) =>
  runHere(sweepCommand, args, surroundings);

/** `merge` in this process. */
export const mergeHere = (...args: readonly string[]) => runHere(mergeCommand, args, {});

async function runHere(
  command: (args: readonly string[], io: CommandIo) => Promise<number>,
  args: readonly string[],
  { interrupt, terminal, gpu }: Surroundings,
) {
  let stderr = '';
  const status = await command(args, {
    stderr: {
      write: (text) => {
        stderr += text;
        terminal?.(text);
      },
      isTTY: terminal !== undefined,
    },
    gpu: gpu ?? (async () => undefined),
    interrupt: interrupt ?? new AbortController().signal,
  });
  return { status, stderr };
}

type Environment = Readonly<Record<string, string>>;

const LAUNCHER = new URL('../../src/cli/launch.mjs', import.meta.url).pathname;

export const startSweep = (args: readonly string[], environment: Environment = {}) =>
  startCommand('sweep', args, environment);

/** A command by the launcher. */
export function startCommand(command: string, args: readonly string[], environment: Environment = {}) {
  return start([process.execPath, LAUNCHER, command, ...args], environment);
}

/** `sweep` by the compiled command alone, in half the time. */
export async function startCompiledSweep(args: readonly string[], environment: Environment = {}) {
  return start([process.execPath, await compiled(), 'sweep', ...args], environment);
}

/** A command line of the shell, in which `"$@"` calls the compiled command. */
export async function startInShell(script: string, args: readonly string[]) {
  return start(['bash', '-c', script, 'bash', process.execPath, await compiled(), ...args], {});
}

let path: Promise<string> | undefined;
const compiled = () => (path ??= compiledCommandLine());

/** A process, and the leader of its group. */
function start([program, ...args]: readonly [string, ...string[]], environment: Environment) {
  const child = spawn(program, args, {
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
    pid: child.pid!,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    /** To the launcher alone. */
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** To all its processes, as a terminal does. */
    signalGroup: (signal: NodeJS.Signals) => process.kill(-child.pid!, signal),
  };
}

const lineOfOutcomes = v.object({ outcomes: v.string() });

/** Outcomes that the checkpoint in a folder holds; 0 while there is none. */
export function keptTrials(out: string): number {
  try {
    const lines = readFileSync(join(out, 'checkpoint.jsonl'), 'utf8').split('\n').slice(1, -1);
    const bytes = lines.map((line) =>
      Buffer.from(v.parse(lineOfOutcomes, JSON.parse(line)).outcomes, 'base64'),
    );
    return Buffer.concat(bytes).length / OUTCOME_BYTES;
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
