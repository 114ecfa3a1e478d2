import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { TorchAnswer, TorchRequest } from './pytorch';

/** Debian's own Python has its package python3-torch, also where another one comes first in the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const PROGRAM = new URL('./torch_cpu.py', import.meta.url).pathname;

export interface TorchProcess {
  readonly version: string;
  /** One request at a time. Rejects when the process has ended. */
  ask(request: TorchRequest): Promise<TorchAnswer>;
  close(): void;
}

/** PyTorch in a process of its own; nothing where no Python has it. */
export async function startTorch(): Promise<TorchProcess | undefined> {
  for (const python of PYTHONS) {
    const version = await torchVersion(python);
    if (version) return start(python, version);
  }
  return undefined;
}

async function torchVersion(python: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', 'import torch; print(torch.__version__)']);
    return stdout.trim();
  } catch {
    return undefined; // no such Python, or one without torch
  }
}

function start(python: string, version: string): TorchProcess {
  const child = spawn(python, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // that it has ended is told by its output
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    version,
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`PyTorch ended with status ${child.exitCode}`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
