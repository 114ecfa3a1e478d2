import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { NORM_LAW_DATA, type NormLawPart } from '../../measures/norm_law';
import { effectiveRates, lawErrors, squaredNorms, type NormTrace } from '../../measures/norm_trace';
import { capitalized } from '../../view/capitalized';
import { curveData, type CurveData } from '../../view/curves';
import { branches, divergesFrom, goalLoss, stepsToGoal } from '../../view/norm_growth';
import { formatMeasured, formatNumber } from '../../view/number_format';
import type { Across, Curve } from '../charts/line_chart';
import '../charts/line_chart';
import { sharedStyles } from '../page/styles';
import { armCurve, ARMS, legend, theoryCurve } from './arms';
import { RATES, STEPS } from './invariance_view';
import type { Shown } from './lab_result';
import { sectionStyles } from './section_styles';

/** Updates from 1, since most happens at the first of them. */
const BY_UPDATE: Across = { scale: 'log', prefix: 'update ', ends: [1, STEPS] };
const BY_RATE: Across = { scale: 'log', prefix: 'η = ', ends: [RATES[0]!, RATES.at(-1)!] };
const TWO: readonly Curve[] = [armCurve(0), armCurve(1)];
const WITH_LAW: readonly Curve[] = [...TWO, theoryCurve(0, 'the law'), theoryCurve(1, 'the law')];
const WITH_FIRST_STEP: readonly Curve[] = [...TWO, theoryCurve(1, 'η|g₀|')];

type Column = ArrayLike<number> | undefined;

/** What training does to the length of a layer's weights, at one learning rate and over all. */
@customElement('growth-charts')
export class GrowthCharts extends LitElement {
  @property({ attribute: false }) shown: Shown<'norm_law'> | undefined;
  @property() phase = '';
  /** The learning rate whose descent is drawn, by index. */
  @property({ type: Number }) rate = 0;
  @property() theme = '';

  static override styles = [sharedStyles, sectionStyles];

  override render() {
    const traces = this.parts.map((part) => part?.traces[this.rate]);
    const norms = traces.map((trace) => trace && squaredNorms(trace));
    return html`
      ${legend('|W₀|² + η²·Σ|g|², the law; η|g₀|, the first update', 'this η')}
      <div class="charts" data-phase=${this.phase}>
        ${this.overUpdates(
          'Loss by update',
          TWO,
          traces.map((trace) => trace?.loss),
        )}
        ${this.overUpdates(
          '|W|² by update',
          WITH_LAW,
          [0, 1].flatMap((which) => norms.map((of) => of?.[which])),
        )}
        ${this.overUpdates(
          'Effective rate η/|W|² by update',
          TWO,
          traces.map((trace) => trace && effectiveRates(trace)),
        )}
        ${this.overUpdates(
          'Relative error of the norm law by update',
          TWO,
          traces.map((trace) => trace && lawErrors(trace, this.roundoff)),
        )}
        ${this.overRates(
          'Updates to the goal against η',
          TWO,
          this.parts.map((part) => part && stepsToGoal(part, NORM_LAW_DATA.bestConstant)),
        )}
        ${this.overRates('Final |W| against η', WITH_FIRST_STEP, [
          ...this.parts.map((part) =>
            part?.traces.map((trace) => (hasEnded(trace) ? undefined : finalNorm(trace))),
          ),
          this.parts[1]?.traces.map(({ rate, gradientNorm }) => rate * gradientNorm[0]!),
        ])}
      </div>
      <div class="read">${this.table(traces)} ${this.words()}</div>
    `;
  }

  /** Without batch norm and with it, as far as they have been trained. */
  private get parts(): readonly (NormLawPart | undefined)[] {
    return [false, true].map((normalized) =>
      this.shown?.parts.find((part) => part.normalized === normalized),
    );
  }

  private get roundoff(): number {
    return this.shown?.parts[0]?.roundoff ?? 0;
  }

  private overUpdates(heading: string, curves: readonly Curve[], columns: readonly Column[]) {
    const data = (): CurveData => {
      const [steps, ...values] = curveData(columns.map((column) => column ?? []));
      return [steps.map((step) => step + 1), ...values];
    };
    return this.chart(heading, curves, BY_UPDATE, guard([this.shown, this.rate], data), undefined);
  }

  private overRates(
    heading: string,
    curves: readonly Curve[],
    columns: readonly (readonly (number | undefined)[] | undefined)[],
  ) {
    const data = (): CurveData => [
      [...RATES],
      ...columns.map((column) => RATES.map((_, i) => column?.[i] ?? null)),
    ];
    return this.chart(heading, curves, BY_RATE, guard([this.shown], data), RATES[this.rate]);
  }

  private chart(
    heading: string,
    curves: readonly Curve[],
    across: Across,
    data: unknown,
    mark: number | undefined,
  ) {
    return html`<figure>
      <figcaption>${heading}</figcaption>
      <line-chart
        heading=${heading}
        .curves=${curves}
        .data=${data as CurveData}
        .across=${across}
        .mark=${mark}
        empty="being trained"
        theme=${this.theme}
      ></line-chart>
    </figure>`;
  }

  private table(traces: readonly (NormTrace | undefined)[]) {
    const rows: readonly (readonly [string, (trace: NormTrace) => string])[] = [
      [
        'loss',
        (trace) =>
          hasEnded(trace)
            ? `diverged after update ${trace.loss.length - 1}`
            : `${formatNumber(trace.loss[0]!)} to ${formatNumber(trace.loss.at(-1)!)}`,
      ],
      ['|W|', (trace) => `${formatNumber(trace.weightNorm[0]!)} to ${formatNumber(finalNorm(trace))}`],
      [
        'η/|W|²',
        (trace) => {
          const rates = effectiveRates(trace);
          return `${formatNumber(rates[0]!)} to ${formatNumber(rates.at(-1)!)}`;
        },
      ],
      [
        'largest error of the law',
        (trace) => formatNumber(lawErrors(trace, this.roundoff).reduce((a, b) => Math.max(a, b), 0)),
      ],
    ];
    return html`<table class="number" data-descent>
      <caption hidden>
        The descent at this learning rate
      </caption>
      <thead>
        <tr>
          <th scope="col">at η = ${formatNumber(RATES[this.rate]!)}</th>
          ${ARMS.map((arm) => html`<th scope="col">${arm}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, words]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${traces.map((trace) => html`<td>${trace ? words(trace) : '…'}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private words() {
    return html`<div class="words">
      ${this.parts.map((part, arm) => (part ? this.armWords(part, ARMS[arm]!) : nothing))}
      ${
        this.shown && this.shown.request.epsilon > 0
          ? html`<p>
              What the law is off with batch norm is the share of ε in σ² + ε, and rounding; with ε = 0
              rounding alone.
            </p>`
          : nothing
      }
    </div>`;
  }

  private armWords(part: NormLawPart, arm: string) {
    const from = divergesFrom(part, STEPS);
    const goal = formatNumber(goalLoss(part, NORM_LAW_DATA.bestConstant));
    const { slow, fast } = branches(RATES, stepsToGoal(part, NORM_LAW_DATA.bestConstant));
    const powers = [
      slow && `${formatMeasured(slow.slope, slow.error)} at small rates`,
      fast && `${formatMeasured(fast.slope, fast.error)} at large ones`,
    ].filter((words) => words !== undefined);
    return html`<p>
      ${capitalized(arm)}
      ${
        from === undefined
          ? `no learning rate up to ${formatNumber(RATES.at(-1)!)} diverges`
          : `every learning rate from ${formatNumber(from)} on diverges`
      }.
      ${
        powers.length > 0
          ? `Updates to the goal, a loss of ${goal}, go as η to the power ${powers.join(' and ')}.`
          : nothing
      }
    </p>`;
  }
}

/** Whether it diverged, which ends it. */
function hasEnded({ loss }: NormTrace): boolean {
  return loss.length < STEPS;
}

/** |W| before the last update that a trial records. */
function finalNorm({ weightNorm }: NormTrace): number {
  return weightNorm.at(-1) ?? Number.NaN;
}

declare global {
  interface HTMLElementTagNameMap {
    'growth-charts': GrowthCharts;
  }
}
