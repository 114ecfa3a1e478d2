import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { browserLaunchOptions } from '../browser';
import { servePage } from '../served_page';
import { PEERS } from './contestant';
import type { Options, Row } from './measure';
import { comparison, timings } from './table';
import { startTorch, type TorchProcess } from './torch_process';
import { WORKLOADS } from './workloads';

const ROOT = 'tests/peers';
const VERSIONED = ['@jax-js/jax', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu'];
/** A step of a peer may take longer than what Chromium takes for a hung driver. */
const PATIENT = '--disable-gpu-watchdog';

interface About extends Options {
  readonly adapter: string;
  readonly date: string;
  readonly browser: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the machine, over the last 1, 5 and 15 minutes. */
  readonly load: readonly number[];
}

/** Runs the benchmark as `argv` asks, and prints its tables. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'string' },
      workload: { type: 'string', default: Object.keys(WORKLOADS).join(',') },
      trials: { type: 'string', default: '1024' },
      repeats: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      without: { type: 'string', default: '' },
    },
  });
  const options: Options = {
    trials: Math.ceil(positive('trials', values.trials)),
    repeats: Math.ceil(positive('repeats', values.repeats)),
    seconds: positive('seconds', values.seconds),
    without: values.without.split(',').filter(Boolean),
  };
  const strangers = options.without.filter((library) => !PEERS.some((peer) => peer === library));
  if (strangers.length > 0)
    throw new Error(`--without: found ${strangers.join(', ')}, allowed: ${PEERS.join(', ')}`);
  const workloads = values.workload.split(',');
  const unknown = workloads.filter((workload) => !WORKLOADS[workload]);
  if (unknown.length > 0)
    throw new Error(`No workload ${unknown.join(', ')}; there are ${Object.keys(WORKLOADS).join(', ')}`);

  const page = await servePage({
    root: ROOT,
    configFile: false,
    build: { target: 'es2023', chunkSizeWarningLimit: 4000 },
  });
  const wantsTorch = !options.without.includes('PyTorch');
  const torch = wantsTorch ? await startTorch() : undefined;
  if (wantsTorch && !torch)
    console.error('PyTorch is left out: no Python here has it (Debian: python3-torch).');
  const launch = await browserLaunchOptions();
  const browser = await chromium.launch({ ...launch, args: [...(launch.args ?? []), PATIENT] });
  const rows: Row[] = [];
  let about: About | undefined;
  try {
    for (const workload of workloads) {
      const result = await measureInPage(browser, page.address, workload, options, torch);
      if (!result) continue;
      rows.push(result.row);
      console.error(`\n${comparison([result.row])}\n`);
      about = {
        adapter: result.adapter,
        date: new Date().toISOString(),
        browser: `Chromium ${browser.version()}`,
        versions: { ...(await versions()), ...(torch && { PyTorch: torch.version }) },
        load: loadavg(),
        ...options,
      };
      // After each workload, so that a run that is broken off has not been in vain.
      if (values.json) await writeFile(values.json, `${JSON.stringify({ ...about, rows }, undefined, 2)}\n`);
    }
    if (about) console.log(`${describe(about)}\n\n${comparison(rows)}\n\n${timings(rows)}`);
  } finally {
    torch?.close();
    await browser.close();
    await page.close();
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: found ${text}, allowed: a number above 0`);
  return value;
}

/** A page of its own for each workload, so that none inherits another's memory; nothing when the row was given up. */
async function measureInPage(
  browser: Browser,
  address: string,
  workload: string,
  options: Options,
  torch: TorchProcess | undefined,
) {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(`${workload}: ${message.text()}`));
  try {
    if (torch) await page.exposeFunction('torch', torch.ask);
    await page.goto(address);
    await page.waitForFunction(() => window.peers !== undefined);
    return await page.evaluate(([name, chosen]) => window.peers!.measure(name, chosen), [
      workload,
      options,
    ] as const);
  } catch (error) {
    console.error(`${workload}: given up: ${error}`);
    process.exitCode = 1;
    return undefined;
  } finally {
    await page.close();
  }
}

async function versions(): Promise<Record<string, string>> {
  const entries = ['package.json', ...VERSIONED.map((name) => `node_modules/${name}/package.json`)].map(
    async (file): Promise<[string, string]> => {
      const { name, version }: { name: string; version: string } = JSON.parse(await readFile(file, 'utf8'));
      return [name, version];
    },
  );
  return Object.fromEntries(await Promise.all(entries));
}

function describe(about: About): string {
  const names = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${about.adapter}; ${about.browser}; ${names.join(', ')}; ${about.date}.`,
    `${about.trials} trials of each training workload; medians of ${about.repeats} alternating runs after a warm-up,`,
    `± half their interquartile range; load of the machine at the end ${about.load.map((load) => load.toFixed(1)).join(' ')}.`,
  ].join('\n');
}
