import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { MOST_DOCUMENT_BYTES, parseExperimentBytes } from '../experiment/parse';
import type { Experiment } from '../experiment/types';
import { CallError, quoted, systemCode } from './command';

/**
 * The experiment of a file or a pipe.
 * @throws CallError, ExperimentError
 */
export async function readExperiment(file: string): Promise<Experiment> {
  return parseExperimentBytes(await bytesOf(file));
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    let size = 0;
    for await (const part of open(file)) {
      parts.push(part);
      size += part.length;
      checkSize(file, size);
    }
  } catch (error) {
    const code = systemCode(error);
    throw code === undefined ? error : refusal(file, code, 'a file that can be read');
  }
  return Buffer.concat(parts);
}

function open(file: string): Readable & AsyncIterable<Uint8Array> {
  const stats = statSync(file);
  if (stats.isDirectory()) throw refusal(file, 'a directory', 'a file');
  checkSize(file, stats.size); // before any of it is read
  // A thread that waits for a pipe would keep the process from ending; Deno's does not, and knows no sockets of files.
  if (!stats.isFIFO() || 'Deno' in globalThis) return createReadStream(file);
  return new Socket({ fd: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

function checkSize(file: string, size: number): void {
  if (size > MOST_DOCUMENT_BYTES)
    throw refusal(file, 'too large', `a file of at most ${MOST_DOCUMENT_BYTES} bytes`);
}

function refusal(file: string, found: string, allowed: string): CallError {
  return new CallError('EXPERIMENT.json', `${quoted(file)} (${found})`, allowed);
}
