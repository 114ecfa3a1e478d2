import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { productOf, type Factor } from '../../theory/gradient_factors';
import { placesOf } from '../../theory/small_network';
import { formatNumber } from '../../view/number_format';
import { PHONE, sharedStyles } from '../page/styles';
import { ARMS, predictedRate } from './chain_network';
import type { ChainRun } from './chain_run';
import type { ChainView } from './chain_view';
import { factorWords, isBatchNorm, subscript, weightName } from './factor_words';
import './network_drawing';

/** Powers of ten that a bar shows, to either side of 1. */
const DECADES = 4;

/** One network at one moment: drawn, its loss and curvature, and one gradient taken apart. */
@customElement('arm-panel')
export class ArmPanel extends LitElement {
  @property({ attribute: false }) view!: ChainView;
  @property({ attribute: false }) run!: ChainRun;
  /** Updates made. */
  @property({ type: Number }) step = 0;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 8px;
      }
      h2 i {
        display: inline-block;
        width: 14px;
        margin-right: 6px;
        vertical-align: middle;
        border-top: 3px solid var(--colour);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 12px;
        margin: 0;
        font-size: 0.8125rem;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        min-width: 0;
      }
      [data-state='diverged'],
      [data-state='unstable'] {
        color: var(--warning);
        font-weight: 600;
      }
      table {
        width: 100%;
        table-layout: fixed; /* so that nothing moves with the numbers */
        border-collapse: collapse;
        font-size: 0.7812rem;
      }
      th,
      td {
        padding: 2px 4px;
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      sup {
        line-height: 0;
      }
      thead th {
        color: var(--quiet);
        border-bottom: 1px solid var(--line);
      }
      tfoot :is(th, td) {
        border-top: 1px solid var(--line);
        font-weight: 600;
      }
      .bar {
        width: 28%;
      }
      .value {
        width: 4.75rem;
      }
      .bar i {
        display: block;
        position: relative;
        height: 12px;
        border-radius: 2px;
        background:
          linear-gradient(var(--quiet), var(--quiet)) no-repeat 50% / 1px 100%,
          linear-gradient(var(--colour), var(--colour)) no-repeat var(--from) / var(--share) 60%,
          var(--empty);
      }
      /* Where it was before the weights were multiplied. */
      .bar b {
        position: absolute;
        inset: 0 auto 0 var(--before);
        width: 2px;
        background: var(--text);
      }
      .norm th:first-child {
        color: var(--accent);
      }
      .grows td:last-child,
      .shrinks td:last-child {
        font-weight: 650;
      }
      .words {
        margin-left: 6px;
        color: var(--quiet);
      }
      @media ${PHONE} {
        .words {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { run, view, step } = this;
    const { parameters } = run.at(step);
    return html`
      <h2><i .style="--colour: var(--arm-${run.arm})"></i>${ARMS[run.arm]}</h2>
      <network-drawing
        .network=${run.network}
        .parameters=${parameters}
        .pass=${run.pass(step)}
        layer=${view.layer - 1}
      ></network-drawing>
      ${this.facts()} ${this.factors()}
    `;
  }

  private facts() {
    const { run, view, step } = this;
    const { loss } = run.at(step);
    const curvature = run.curvature(step);
    const edge = 2 / view.rate;
    const predicted = predictedRate(view, run.arm);
    return html`<dl class="number" data-arm=${run.arm}>
        ${
          view.net === 'chain' && run.arm === 0
            ? html`<dt>product</dt>
                <dd>ŷ = ${formatNumber(this.product())}·x, wanted 1·x</dd>`
            : nothing
        }
        <dt>loss J</dt>
        <dd data-loss=${loss}>${formatNumber(loss)}</dd>
        <dt>λ of the Hessian</dt>
        <dd data-state=${curvature > edge ? 'unstable' : 'stable'}>
          ${formatNumber(curvature)} ${curvature > edge ? 'above' : 'below'} 2/η = ${formatNumber(edge)}
        </dd>
        <dt>descent</dt>
        ${this.descent()}
        ${
          predicted === undefined
            ? nothing
            : html`<dt>theory</dt>
                <dd>a minimum is stable up to η = ${formatNumber(predicted)}</dd>`
        }
      </dl>
      ${
        view.net === 'chain' && run.arm === 1
          ? html`<p class="quiet small">
              x̂ of a linear unit is the same whatever its weight, so nothing is left for the weights before it
              to learn: w${subscript(view.weights.length - 1)} and the last γ and β do all of it. Only ε lets
              a little through.
            </p>`
          : nothing
      }`;
  }

  private product(): number {
    const { parameters } = this.run.at(this.step);
    return placesOf(this.run.network).reduce((product, { weights }) => product * parameters[weights]!, 1);
  }

  private descent() {
    const { run, step } = this;
    const diverged = run.divergedAt(step);
    if (diverged !== undefined) return html`<dd data-state="diverged">diverged at step ${diverged}</dd>`;
    const { turn } = run.at(step);
    if (step === 0) return html`<dd data-state="start">at its start</dd>`;
    return turn < 0
      ? html`<dd data-state="oscillates">oscillates: this gradient turns back on the last</dd>`
      : html`<dd data-state="descends">goes on in one direction</dd>`;
  }

  private factors() {
    const { run, view, step } = this;
    const [layer, scaled] = [view.layer - 1, view.scaled - 1];
    const { factors } = run.factors(step, layer, scaled, view.scale);
    const before = run.factors(step, layer, scaled, 1).factors;
    const name = weightName(run.network, layer);
    const isOne = name.startsWith('w');
    const gradient = isOne ? `∂J/∂${name}` : `|∂J/∂${name}|`;
    const by = `${weightName(run.network, scaled)} × ${formatNumber(view.scale)}`;
    return html`<table class="number" data-factors=${run.arm}>
      <caption hidden>
        ${gradient}, ${ARMS[run.arm]}, factor by factor
      </caption>
      <thead>
        <tr>
          <th scope="col">${gradient} =</th>
          <th scope="col" class="bar">10<sup>−4</sup> … 1 … 10<sup>4</sup></th>
          <th scope="col" class="value">factor</th>
          <th scope="col" class="value">${view.scale === 1 ? '' : by}</th>
        </tr>
      </thead>
      <tbody>
        ${factors.map((factor, i) => this.row(factor, before[i]))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">product</th>
          <td></td>
          <td data-product=${productOf(factors)}>${formatNumber(productOf(factors))}</td>
          <td data-ratio=${productOf(factors) / productOf(before)}>
            ${ratioWords(productOf(factors) / productOf(before), view.scale)}
          </td>
        </tr>
      </tfoot>
    </table>`;
  }

  private row(factor: Factor, before: Factor | undefined) {
    const [symbol, words] = factorWords(this.run.network, factor);
    const ratio = (factor.value ?? Number.NaN) / (before?.value ?? Number.NaN);
    const kind = ratio > 1.01 ? 'grows' : ratio < 0.99 ? 'shrinks' : '';
    return html`<tr class="${isBatchNorm(factor) ? 'norm' : ''} ${kind}" data-kind=${factor.kind}>
      <th scope="row">${symbol}<span class="words">${words}</span></th>
      <td class="bar">
        <i .style=${barStyle(factor.value ?? 1, this.run.arm)}
          >${
            before && this.view.scale !== 1
              ? html`<b .style="--before: ${percent(place(before.value ?? 1))}"></b>`
              : nothing
          }</i
        >
      </td>
      <td data-factor=${factor.value ?? nothing}>
        ${factor.value === undefined ? '—' : formatNumber(factor.value)}
      </td>
      <td>${ratioWords(ratio, this.view.scale)}</td>
    </tr>`;
  }
}

function ratioWords(ratio: number, scale: number): string {
  if (scale === 1 || Number.isNaN(ratio)) return '';
  return Math.abs(ratio - 1) < 5e-3 ? 'same' : `× ${formatNumber(ratio)}`;
}

/** Share of a bar's width at which a value lies; 1 lies in its middle. */
function place(value: number): number {
  const log = Math.log10(Math.abs(value));
  return 0.5 + Math.max(-0.5, Math.min(0.5, Number.isNaN(log) ? -0.5 : log / (2 * DECADES)));
}

/** From 1 to the value. A background is placed by what is left of the width beside it. */
function barStyle(value: number, arm: number): string {
  const at = place(value);
  const share = Math.abs(at - 0.5);
  const from = share === 1 ? 0 : Math.min(at, 0.5) / (1 - share);
  return `--colour: var(--arm-${arm}); --from: ${percent(from)}; --share: ${percent(share)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

declare global {
  interface HTMLElementTagNameMap {
    'arm-panel': ArmPanel;
  }
}
