import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BenchReport } from '../../bench/bench';
import type { EngineMeasurement } from '../../bench/engine_bench';
import type { KernelMeasurement } from '../../bench/kernel_bench';
import { KERNEL_SIZES } from '../../bench/kernel_sizes';
import { WORKLOADS } from '../../bench/workloads';
import type { BenchController } from './bench_controller';
import '../page/copy_button';
import { download } from '../page/files';
import { benchMarkdown, clockWords, isNoisy } from '../../view/bench_markdown';
import { COMPUTE_STATES } from '../../view/gpu_states';
import { formatDuration, formatNumber, formatRate, formatShare } from '../../view/number_format';
import './roofline_chart';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import type { SweepController } from '../page/sweep_controller';

const GIGA = 1e9;

/** Every kernel and every engine measured on this adapter, against the CPU reference and the measured ceilings. */
@customElement('kernels-tab')
export class KernelsTab extends LitElement {
  @property({ attribute: false }) controller!: SweepController;
  @property({ attribute: false }) bench!: BenchController;
  @state() private pointed = '';
  private readonly follow = () => {
    this.begin();
    this.requestUpdate();
  };

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template: 'head head' auto 'tables side' auto / minmax(0, 1fr) clamp(280px, 24vw, 34rem);
        align-content: start;
        gap: 16px 32px;
        height: 100%;
        overflow-y: auto;
        scrollbar-width: thin;
        padding: 4px 20px 24px;
      }
      .head {
        grid-area: head;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }
      .head p {
        flex: 1 1 200px;
      }
      /* Of one width, so that nothing moves when it has other words. */
      .step {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 18rem;
        white-space: nowrap;
        overflow: hidden;
      }
      .step[data-idle] {
        visibility: hidden;
      }
      .tables {
        grid-area: tables;
        min-width: 0;
        overflow-x: auto;
      }
      .side {
        grid-area: side;
        display: grid;
        gap: 12px;
        align-content: start;
        font-size: 0.75rem;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.7812rem;
        font-variant-numeric: tabular-nums;
      }
      table + h2 {
        margin-top: 24px;
      }
      p + table {
        margin-top: 6px;
      }
      th {
        padding: 4px 8px;
        font-weight: 400;
        color: var(--quiet);
        text-align: right;
        border-bottom: 1px solid var(--line);
        white-space: nowrap;
      }
      td {
        padding: 4.5px 8px;
        text-align: right;
        white-space: nowrap;
      }
      tbody tr:hover {
        background: var(--sunken);
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
      }
      tbody th {
        color: inherit;
        border: 0;
      }
      .bar {
        display: inline-grid;
        grid-template-columns: 4.5rem 3.25rem;
        align-items: center;
        gap: 8px;
      }
      .bar i {
        height: 8px;
        border-radius: 2px;
        background: linear-gradient(var(--accent), var(--accent)) no-repeat 0 / var(--share) 100% var(--empty);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 12px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        text-align: right;
      }
      progress {
        width: 120px;
        height: 6px;
        accent-color: var(--accent);
      }
      @media ${NARROW} {
        :host {
          grid-template: 'head' auto 'tables' auto 'side' auto / minmax(0, 1fr);
          height: auto;
        }
        /* So that what is below stays where it is while row after row is measured. */
        .tables[data-bench='measuring'] {
          min-height: 50rem;
        }
        .side {
          max-width: 520px;
        }
      }
      @media ${PHONE} {
        :host {
          padding: 4px 16px 24px;
        }
        .tables[data-bench='measuring'] {
          min-height: 64rem;
        }
        .wide {
          display: none;
        }
        th,
        td {
          padding-inline: 4px;
        }
        tbody th {
          white-space: normal;
        }
        .bar {
          grid-template-columns: 32px 44px;
          gap: 6px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.addEventListener('change', this.follow);
    this.bench.addEventListener('change', this.follow);
    this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.controller.removeEventListener('change', this.follow);
    this.bench.removeEventListener('change', this.follow);
    this.bench.stop();
  }

  /** Measures a size that has not been measured, once the sweep has stopped measuring its own speed. */
  private begin(): void {
    const { size } = this.controller.view;
    if (this.bench.size !== size && this.controller.phase !== 'measuring') this.bench.start(size);
  }

  override render() {
    const { report } = this.bench;
    return html`
      <section class="head" aria-label="Measurement">
        <p class="quiet">
          Each kernel on this adapter, against its CPU twin and against what the adapter was seen to do at
          most.
        </p>
        ${this.controls()}
      </section>
      <section class="tables" aria-label="Kernels and engines" data-bench=${this.bench.phase}>
        ${this.problem()} ${report ? this.kernels(report) : nothing}
        ${report && report.engines.length > 0 ? this.engines(report) : nothing}
      </section>
      <section class="side" aria-label="Ceilings">${report ? this.side(report) : nothing}</section>
    `;
  }

  private controls() {
    const { phase, step, report } = this.bench;
    const { view } = this.controller;
    const measuring = phase === 'measuring';
    return html`<div class="row">
      <span class="step" ?data-idle=${!measuring}>
        <progress
          max=${step?.total ?? 1}
          value=${(step?.at ?? 1) - 1}
          aria-label="Progress of the measurement"
        ></progress>
        <span class="quiet small">${step?.what ?? 'starting'}</span>
      </span>
      <select
        aria-label="Size"
        @change=${({ target }: Event) => {
          if (target instanceof HTMLSelectElement) this.controller.setSize(target.value);
        }}
      >
        ${KERNEL_SIZES.map(
          ({ id, name, hardwareOnly }) =>
            html`<option
              value=${id}
              .selected=${id === view.size}
              ?disabled=${hardwareOnly && report?.adapter.software}
            >
              ${name}
            </option>`,
        )}
      </select>
      <button @click=${() => (measuring ? this.bench.stop() : this.bench.start(view.size))}>
        ${measuring ? 'Stop' : 'Measure again'}
      </button>
      <copy-button
        label="Copy as Markdown"
        ?disabled=${!report}
        .text=${() => (report ? benchMarkdown(report) : '')}
      ></copy-button>
      <button ?disabled=${!report} @click=${this.download}>Download JSON</button>
    </div>`;
  }

  private problem() {
    const { fault, unavailable } = this.bench;
    const failure = this.controller.problem ?? this.bench.failure;
    if (fault && !failure && !unavailable)
      return html`<p class="problem" role="status" data-fault>${fault}</p>`;
    if (failure) return html`<p class="problem" role="alert">${failure}</p>`;
    if (!unavailable) return nothing;
    const { title, words, remedy } = COMPUTE_STATES[unavailable];
    return html`<p class="problem" role="status"><strong>${title}.</strong> ${words} ${remedy}</p>`;
  }

  private kernels({ kernels }: BenchReport) {
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
        ${kernels.map((row) => this.kernel(row))}
      </tbody>
    </table>`;
  }

  private kernel(row: KernelMeasurement) {
    const { reference, gpu } = row;
    const spread = `± ${formatDuration(gpu.spread)}`;
    const samples = `${formatDuration(gpu.median)} ${spread}: median and interquartile range of ${gpu.samples} samples of ${gpu.repeats} calls`;
    return html`<tr
      data-kernel=${row.kernel}
      data-values=${[gpu.median, reference.seconds, row.ratio, row.largestError, row.ceilingShare].join(' ')}
      @pointerenter=${() => (this.pointed = row.kernel)}
      @pointerleave=${() => (this.pointed = '')}
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
      <td class="wide">${formatNumber(row.flopsPerSecond / GIGA)}</td>
      <td class="wide">${formatNumber(row.bytesPerSecond / GIGA)}</td>
      <td title="bound by ${row.bound}">
        <span class="bar">
          <i .style="--share: ${Math.min(100, 100 * row.ceilingShare)}%"></i>${formatShare(row.ceilingShare)}
        </span>
      </td>
    </tr>`;
  }

  private engines({ engines }: BenchReport) {
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

  private side(report: BenchReport) {
    const { adapter, ceilings } = report;
    const { title, words } = COMPUTE_STATES['software-adapter'];
    return html`
      <roofline-chart .report=${report} highlight=${this.pointed}></roofline-chart>
      <dl>
        <dt>adapter</dt>
        <dd>${adapter.name}</dd>
        <dt>measured ceilings</dt>
        <dd>${formatNumber(ceilings.flops / GIGA)} GFLOP/s, ${formatNumber(ceilings.bytes / GIGA)} GB/s</dd>
      </dl>
      <p class="quiet">
        Operations a second under the roof that the two ceilings make: multiply-adds in registers, and a triad
        over buffers larger than a cache. What stays in a cache may pass the roof.
      </p>
      <p class="quiet">Clock: ${clockWords(report)}.</p>
      ${adapter.software ? html`<p class="quiet"><strong>${title}.</strong> ${words}</p>` : nothing}
    `;
  }

  private download(): void {
    download('normscape-bench', `${JSON.stringify(this.bench.report, null, 2)}\n`);
  }
}

/** A name that may go on in another line after its underscores. */
function breakable(name: string) {
  return name.split(/(?<=_)/).map((part, i) => html`${i > 0 ? html`<wbr />` : nothing}${part}`);
}
