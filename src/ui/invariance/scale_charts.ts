import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { InvariancePart } from '../../measures/invariance';
import { SCALE_POWERS } from '../../theory/scale_invariance';
import type { CurveData } from '../../view/curves';
import { formatNumber } from '../../view/number_format';
import { lawDeviation, NEGLIGIBLE, powerLine, powerWords, scaleFits } from '../../view/scale_fits';
import type { Across, Curve } from '../charts/line_chart';
import '../charts/line_chart';
import { sharedStyles } from '../page/styles';
import { armCurve, legend, theoryCurve } from './arms';
import { SCALES } from './invariance_view';
import type { Shown } from './lab_result';
import { sectionStyles } from './section_styles';

const ACROSS: Across = { scale: 'log', prefix: 'a = ', ends: [SCALES[0]!, SCALES.at(-1)!] };
const GRADIENT_CURVES: readonly Curve[] = [armCurve(0), armCurve(1), theoryCurve(1, 'its power of a')];
const PRODUCT_CURVES: readonly Curve[] = [armCurve(0), armCurve(1), theoryCurve(1, 'the law of ε')];

const GRADIENTS = [
  { name: 'input', symbol: '∂y/∂u', heading: '|∂y/∂u| against a' },
  { name: 'weights', symbol: '∂y/∂(aW)', heading: '|∂y/∂(aW)| against a' },
] as const;

/** What multiplying the weights of a layer does to its gradients, and what is read from it. */
@customElement('scale-charts')
export class ScaleCharts extends LitElement {
  @property({ attribute: false }) shown: Shown<'invariance'> | undefined;
  @property() phase = '';
  @property() theme = '';

  static override styles = [sharedStyles, sectionStyles];

  override render() {
    const [plain, normed] = this.arms;
    const mark = normed?.breaking || undefined;
    return html`
      ${legend('its power of a, drawn on; the law of ε', 'ε = σ²')}
      <div class="charts" data-phase=${this.phase}>
        ${GRADIENTS.map(({ name, heading }) => {
          const fit = normed && scaleFits(normed)?.[name];
          const line = fit && powerLine(fit, normed.scales);
          return this.chart(heading, GRADIENT_CURVES, [plain?.[name], normed?.[name], line], mark);
        })}
        ${this.chart(
          '|cos| of the angle between aW and ∂y/∂(aW)',
          PRODUCT_CURVES,
          [plain?.product, normed?.product, normed?.predicted],
          mark,
        )}
      </div>
      <div class="read">${this.table(plain, normed)} ${this.words(normed)}</div>
    `;
  }

  /** Without batch norm and with it, as far as they have been measured. */
  private get arms(): readonly [InvariancePart | undefined, InvariancePart | undefined] {
    const part = (normalized: boolean) => this.shown?.parts.find((part) => part.normalized === normalized);
    return [part(false), part(true)];
  }

  private chart(
    heading: string,
    curves: readonly Curve[],
    columns: readonly (ArrayLike<number> | undefined)[],
    mark: number | undefined,
  ) {
    const data = (): CurveData => [
      [...SCALES],
      ...columns.map((column) => SCALES.map((_, i) => shownNumber(column?.[i]))),
    ];
    return html`<figure>
      <figcaption>${heading}</figcaption>
      <line-chart
        heading=${heading}
        .curves=${curves}
        .data=${guard([this.shown], data)}
        .across=${ACROSS}
        .mark=${mark}
        empty="being measured"
        theme=${this.theme}
      ></line-chart>
    </figure>`;
  }

  private table(plain: InvariancePart | undefined, normed: InvariancePart | undefined) {
    const isHomogeneous = this.shown?.request.activation !== 'sigmoid';
    const fits = [plain && scaleFits(plain), normed && scaleFits(normed)];
    return html`<table class="number" data-powers>
      <caption hidden>
        The powers of a with which gradients grow, by theory and as they were measured
      </caption>
      <thead>
        <tr>
          <th scope="col">power of a in</th>
          <th scope="col">without batch norm</th>
          <th scope="col">with batch norm</th>
        </tr>
      </thead>
      <tbody>
        ${GRADIENTS.map(
          ({ name, symbol }) =>
            html`<tr>
              <th scope="row">${symbol}</th>
              ${fits.map((fit, arm) => {
                const theory = arm === 1 || isHomogeneous ? formatNumber(SCALE_POWERS[arm]![name]) : 'none';
                return html`<td data-power=${fit?.[name].power ?? nothing}>
                  ${fit ? powerWords(fit[name]) : '…'}
                  <span class="quiet">theory: ${theory}</span>
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private words(normed: InvariancePart | undefined) {
    const request = this.shown?.request;
    const fit = normed && scaleFits(normed)?.weights;
    const deviation = normed && lawDeviation(normed);
    return html`<div class="words">
      ${
        fit
          ? html`<p>
              With batch norm the powers are those from a = ${formatNumber(fit.from)} to
              ${formatNumber(fit.to)}, where ε is at most ${NEGLIGIBLE} of σ² + ε in every unit.
            </p>`
          : nothing
      }
      ${
        request && normed
          ? request.epsilon === 0
            ? html`<p>With ε = 0 the law breaks nowhere; what is left of the cosine is rounding.</p>`
            : html`<p>
                At a = ${formatNumber(normed.breaking)} ε is as large as σ². Below it batch norm divides by
                √ε, a constant, and gradients grow as they do without it.
              </p>`
          : nothing
      }
      ${
        deviation === undefined
          ? nothing
          : html`<p>
              The cosine follows the law of ε: it differs by ${formatNumber(deviation, 2)} of it at most,
              where the law is more than rounding.
            </p>`
      }
      ${
        request?.activation === 'sigmoid'
          ? html`<p>
              Without batch norm a sigmoid saturates as a grows, so that its gradients follow no power.
            </p>`
          : nothing
      }
    </div>`;
  }
}

/** NaN, where there is no gradient to have a direction, has no place in a chart. */
function shownNumber(value = Number.NaN): number | null {
  return Number.isNaN(value) ? null : value;
}

declare global {
  interface HTMLElementTagNameMap {
    'scale-charts': ScaleCharts;
  }
}
