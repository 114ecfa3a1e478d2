import { GpuUnavailableError } from '../gpu/errors';
import { runBench } from '../bench/bench';
import { KERNEL_NAMES } from '../bench/kernel_bench';
import { sizeNamed } from '../bench/kernel_sizes';
import { WORKLOADS } from '../bench/workloads';
import type { BenchEvent, BenchRequest } from './bench_protocol';
import { DEFAULT_MEMORY } from '../scheduler/memory';
import { wordsOf } from './words_of';

/** Trials of a workload: as many as in the published figures, or few where a processor plays the GPU. */
const TRIALS = { hardware: 1024, software: 64 };

const emit = (event: BenchEvent) => postMessage(event, { transfer: [] });

async function measure({ size: id }: BenchRequest): Promise<void> {
  const size = sizeNamed(id);
  if (!size) throw new Error(`no kernel size is called ${id}`);
  await runBench(
    navigator.gpu,
    isSecureContext,
    {
      kernels(software) {
        if (software && size.hardwareOnly)
          throw new Error(`${size.name} would take minutes on a software adapter: choose a smaller size`);
        return KERNEL_NAMES.map((name) => ({ name, size }));
      },
      workloads: WORKLOADS,
      trials: (software) => (software ? TRIALS.software : TRIALS.hardware),
      memory: DEFAULT_MEMORY,
      quick: true,
    },
    {
      begins: (what, at, total) => emit({ type: 'begins', what, at, total }),
      measured: (report) => emit({ type: 'measured', report }),
      fault: (words) => emit({ type: 'fault', words }),
    },
  );
  emit({ type: 'done' });
}

addEventListener('message', ({ data }: MessageEvent<BenchRequest>) => {
  measure(data).catch((error: unknown) => {
    if (error instanceof GpuUnavailableError) emit({ type: 'unavailable', state: error.state });
    else emit({ type: 'error', message: wordsOf(error) });
  });
});
