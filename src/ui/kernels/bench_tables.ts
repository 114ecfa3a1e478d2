import { html, nothing } from 'lit';
import type { BenchReport } from '../../bench/bench';
import type { EngineMeasurement } from '../../bench/engine_bench';
import type { KernelMeasurement } from '../../bench/kernel_bench';
import { WORKLOADS } from '../../bench/workloads';
import { giga, isNoisy } from '../../view/bench_markdown';
import { formatDuration, formatNumber, formatRate, formatShare } from '../../view/number_format';

/**
 * Every kernel in a row.
 * @param point told of the kernel that the pointer is over, or of none
 */
export function kernelTable({ kernels }: BenchReport, point: (kernel: string) => void) {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">kernel</th>
        <th scope="col">GPU</th>
        <th scope="col" class="wide">CPU twin</th>
        <th scope="col">CPU / GPU</th>
        <th scope="col" class="wide">largest error</th>
        <th scope="col" class="wide">GFLOP/s</th>
        <th scope="col" class="wide">GB/s</th>
        <th scope="col">of the ceiling</th>
      </tr>
    </thead>
    <tbody>
      ${kernels.map((row) => kernelRow(row, point))}
    </tbody>
  </table>`;
}

function kernelRow(row: KernelMeasurement, point: (kernel: string) => void) {
  const { reference, gpu } = row;
  const spread = `± ${formatDuration(gpu.spread)}`;
  const samples = `${formatDuration(gpu.median)} ${spread}: median and interquartile range of ${gpu.samples} samples of ${gpu.repeats} calls`;
  return html`<tr
    data-kernel=${row.kernel}
    data-values=${[gpu.median, reference.seconds, row.ratio, row.largestError, row.ceilingShare].join(' ')}
    @pointerenter=${() => point(row.kernel)}
    @pointerleave=${() => point('')}
  >
    <th scope="row">
      ${breakable(row.kernel)}
      ${row.configuration ? html`<span class="quiet wide">${row.configuration}</span>` : nothing}
    </th>
    <td title=${samples}>
      ${formatDuration(gpu.median)}<span class="quiet wide">
        ${isNoisy(gpu.median, gpu.spread) ? 'noisy' : spread}</span
      >
    </td>
    <td class="wide" title=${reference.share < 1 ? 'extrapolated from a part of the work' : nothing}>
      ${reference.share < 1 ? '~ ' : ''}${formatDuration(reference.seconds)}
    </td>
    <td>${formatNumber(row.ratio, 2)}</td>
    <td class="wide" title="${formatShare(row.errorShare)} of what rounding may cost">
      ${formatNumber(row.largestError, 2)}
    </td>
    <td class="wide">${giga(row.flopsPerSecond)}</td>
    <td class="wide">${giga(row.bytesPerSecond)}</td>
    <td title="bound by ${row.bound}">
      <span class="bar">
        <i .style="--share: ${Math.min(100, 100 * row.ceilingShare)}%"></i>${formatShare(row.ceilingShare)}
      </span>
    </td>
  </tr>`;
}

/** Every workload in a row, every engine in a column. */
export function engineTable({ engines }: BenchReport) {
  const names = [...new Set(engines.map(({ engine }) => engine))];
  const cell = (row: EngineMeasurement | undefined) =>
    row
      ? html`<td
          title="${row.trials} trials, ${isNoisy(row.rate, row.spread) ? 'noisy' : `± ${formatRate(row.spread, 3)}`}"
        >
          ${formatRate(row.rate, 3)}
        </td>`
      : html`<td class="quiet">…</td>`;
  const together = Math.max(...engines.map(({ trials }) => trials));
  return html`<h2>Engines</h2>
    <p class="quiet small">
      Trial-steps a second, ${together} trials together; the reference trains one trial after the other.
    </p>
    <table data-engines>
      <thead>
        <tr>
          <th scope="col">workload</th>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${WORKLOADS.map(
          ({ id, name }) =>
            html`<tr>
              <th scope="row">${id} <span class="quiet">${name}</span></th>
              ${names.map((engine) =>
                cell(engines.find((row) => row.workload === id && row.engine === engine)),
              )}
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** A name that may go on in another line after its underscores. */
function breakable(name: string) {
  return name.split(/(?<=_)/).map((part, i) => html`${i > 0 ? html`<wbr />` : nothing}${part}`);
}
