// The training workloads and matrix products in jax-js, in TensorFlow.js and in this project's engines and kernel, on one
// adapter in headless Chromium, and the training in PyTorch on the CPU where some Python has it, all in one run:
//
//   npm run --silent bench:peers -- [--workload A,A',B,C,D,matmul512,matmul1024,matmulBatch] [--trials 1024]
//                                   [--repeats 5] [--seconds 1] [--without TensorFlow.js] [--json FILE]
//
// Every contestant begins with the same weights, data and learning rates; the losses after three updates must agree with
// float64 to 1e-3, else the workload is given up. `--seconds` is about how long one timed run takes, of at least one step.
import { runnerImport } from 'vite';

/** @type {{ module: typeof import('./run') }} */
const { module } = await runnerImport('/tests/peers/run.ts');
await module.main(process.argv.slice(2));
