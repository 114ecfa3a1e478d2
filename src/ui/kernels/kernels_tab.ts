import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BenchReport } from '../../bench/bench';
import { KERNEL_SIZES } from '../../bench/kernel_sizes';
import { benchMarkdown, clockWords, giga } from '../../view/bench_markdown';
import { COMPUTE_STATES } from '../../view/gpu_states';
import '../page/copy_button';
import { download, jsonFile } from '../page/files';
import { follow } from '../page/follow';
import type { PageState } from '../page/page_state';
import { sharedStyles } from '../page/styles';
import type { BenchController } from './bench_controller';
import { engineTable, kernelTable } from './bench_tables';
import { kernelsStyles } from './kernels_styles';
import './roofline_chart';

/** Every kernel and every engine measured on this adapter, against the CPU reference and the measured ceilings. */
@customElement('kernels-tab')
export class KernelsTab extends LitElement {
  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) bench!: BenchController;
  @state() private pointed = '';

  static override styles = [sharedStyles, kernelsStyles];

  constructor() {
    super();
    follow(this, () => [this.page, this.bench]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.bench.stop();
  }

  /** Measures a size that has not been measured. */
  protected override updated(): void {
    const { page, bench } = this;
    const { size } = page.view.kernels;
    if (this.isConnected && bench.size !== size) bench.start(size);
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
        ${this.problem()} ${report ? kernelTable(report, (kernel) => (this.pointed = kernel)) : nothing}
        ${report && report.engines.length > 0 ? engineTable(report) : nothing}
      </section>
      <section class="side" aria-label="Ceilings">${report ? this.side(report) : nothing}</section>
    `;
  }

  private controls() {
    const { phase, step, report } = this.bench;
    const { size } = this.page.view.kernels;
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
          if (target instanceof HTMLSelectElement)
            this.page.choose('view.size', { kernels: { size: target.value } });
        }}
      >
        ${KERNEL_SIZES.map(
          ({ id, name, hardwareOnly }) =>
            html`<option
              value=${id}
              .selected=${id === size}
              ?disabled=${hardwareOnly && report?.adapter.software}
            >
              ${name}
            </option>`,
        )}
      </select>
      <button @click=${() => (measuring ? this.bench.stop() : this.bench.start(size))}>
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
    const { fault, failure, unavailable } = this.bench;
    if (fault && !failure && !unavailable)
      return html`<p class="problem" role="status" data-fault>${fault}</p>`;
    if (failure) return html`<p class="problem" role="alert">${failure}</p>`;
    if (!unavailable) return nothing;
    const { title, words, remedy } = COMPUTE_STATES[unavailable];
    return html`<p class="problem" role="status"><strong>${title}.</strong> ${words} ${remedy}</p>`;
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
        <dd>${giga(ceilings.flops)} GFLOP/s, ${giga(ceilings.bytes)} GB/s</dd>
      </dl>
      <p class="quiet">
        Operations a second under the roof that the two ceilings make: multiply-adds in registers, and a triad
        over buffers larger than a cache. What stays in a cache may pass the roof.
      </p>
      <p class="quiet">Clock: ${clockWords(report)}.</p>
      ${adapter.software ? html`<p class="quiet"><strong>${title}.</strong> ${words}</p>` : nothing}
    `;
  }

  private download(): Promise<void> {
    return download(jsonFile('normscape-bench', `${JSON.stringify(this.bench.report, null, 2)}\n`));
  }
}
