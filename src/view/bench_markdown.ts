import type { BenchReport } from '../bench/bench';
import type { EngineMeasurement } from '../bench/engine_bench';
import type { KernelMeasurement } from '../bench/kernel_bench';
import type { ShapeMeasurement, ShapeReport } from '../bench/shape_bench';
import { sizeNamed } from '../bench/kernel_sizes';
import { WORKLOADS } from '../bench/workloads';
import { METHOD_WORDS } from '../gpu/timing';
import { ENGINE_NAMES } from '../training/engines';
import { formatDuration, formatNumber, formatRate, formatShare } from './number_format';

/** A report as Markdown tables, with all that is needed to read them. */
export function benchMarkdown(report: BenchReport): string {
  const { adapter, ceilings, kernels, engines } = report;
  const sections = [
    `Measured ${report.date} on ${adapter.name}. Times are medians ± interquartile range.`,
    `Clock: ${clockWords(report)}. Measured ceilings: ${giga(ceilings.flops)} GFLOP/s, ${giga(ceilings.bytes)} GB/s.`,
  ];
  if (adapter.software)
    sections.push('A processor plays the graphics card here: these figures say nothing about a GPU.');
  if (kernels.length > 0) sections.push(kernelTable(kernels));
  if (engines.length > 0) sections.push(engineTable(engines));
  return `${sections.join('\n\n')}\n`;
}

/** A report on shapes of the fused engine, a line each, as a Markdown table. */
export function shapeMarkdown({ date, adapter, shapes }: ShapeReport): string {
  const row = ({ workload, shape, packs, measured }: ShapeMeasurement) => {
    if (packs === undefined) return [workload, shape, '', 'does not fit', '', '', ''];
    if (!measured) return [workload, shape, String(packs), 'does not compile', '', '', ''];
    const { rate, spread, trials, samples, steps, opening } = measured;
    const numbers = withSpread(rate, spread, (value) => formatRate(value, 3));
    const sampled = `${samples} × ${steps} steps`;
    return [workload, shape, String(packs), numbers, String(trials), sampled, formatDuration(opening)];
  };
  const head = [
    'workload',
    'shape',
    'packs a trial',
    'trial-steps a second',
    'trials',
    'samples',
    'opened in',
  ];
  return `Measured ${date} on ${adapter.name}. Medians ± interquartile range.\n\n${table(head, shapes.map(row))}\n`;
}

export function clockWords({ clock }: BenchReport): string {
  const { method, quantisation } = clock;
  const ticks =
    quantisation > 0 ? `, in steps of ${formatDuration(quantisation)}` : ', in steps that nobody can tell';
  return METHOD_WORDS[method] + (method === 'timestamps' ? ticks : '');
}

function kernelTable(rows: readonly KernelMeasurement[]): string {
  const note = rows.some(({ reference }) => reference.share < 1)
    ? '\n\nCPU times marked ~ are extrapolated from a part of the work.'
    : '';
  return (
    table(
      [
        'kernel',
        'size',
        'made by',
        'GPU',
        'samples',
        'CPU reference',
        'CPU / GPU',
        'largest error',
        'of allowed',
        'GFLOP/s',
        'GB/s',
        'of ceiling',
      ],
      rows.map((row) => [
        row.kernel,
        sizeNamed(row.size)?.name ?? row.size,
        row.configuration,
        withSpread(row.gpu.median, row.gpu.spread, formatDuration),
        String(row.gpu.samples),
        (row.reference.share < 1 ? '~' : '') + formatDuration(row.reference.seconds),
        formatNumber(row.ratio),
        formatNumber(row.largestError, 2),
        formatShare(row.errorShare),
        giga(row.flopsPerSecond),
        giga(row.bytesPerSecond),
        `${formatShare(row.ceilingShare)} (${row.bound})`,
      ]),
    ) + note
  );
}

function engineTable(rows: readonly EngineMeasurement[]): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  const words = (row: EngineMeasurement | undefined) =>
    row
      ? `${withSpread(row.rate, row.spread, (rate) => formatRate(rate, 3))} (${row.trials} trials, ${row.samples} × ${row.steps} steps)`
      : '';
  return [
    'Trial-steps a second. The reference trains trial after trial, so that a few stand for all.',
    table(
      ['workload', '', ...ENGINE_NAMES],
      workloads.map((id) => [
        id,
        WORKLOADS.find((workload) => workload.id === id)?.name ?? '',
        ...ENGINE_NAMES.map((engine) =>
          words(rows.find((row) => row.workload === id && row.engine === engine)),
        ),
      ]),
    ),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The samples differ by as much as they measure: a spread alone would promise values below 0. */
export function isNoisy(median: number, spread: number): boolean {
  return !(spread < median);
}

function withSpread(median: number, spread: number, words: (value: number) => string): string {
  return `${words(median)} ± ${words(spread)}${isNoisy(median, spread) ? ', noisy' : ''}`;
}

/** Operations or bytes a second, in billions. */
export function giga(value: number): string {
  return formatNumber(value / 1e9);
}
