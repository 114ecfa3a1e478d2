import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { Upwards } from '../../view/curves';
import {
  bandPicks,
  lookCurves,
  sharpnessCurves,
  shiftByLayer,
  type Pick,
  type ShiftPart,
} from '../../view/looks';
import { formatNumber } from '../../view/number_format';
import { STEPS, type Across, type Curve } from '../charts/line_chart';
import '../charts/line_chart';
import { listField, sliderField, fieldStyles } from '../page/fields';
import { PHONE, sharedStyles } from '../page/styles';
import { knownCurves, widthOf } from '../trial/known_curves';
import { edgeWords } from './landscape_networks';
import type { Measured, Measurements } from './landscape_run';
import { RANGES, type LandscapeView } from './landscape_view';

const COSINES: Upwards = [-1, 1];
/** By how many layers there are. */
const LAYERS = Array.from({ length: RANGES.layer.most + 1 }, (_, layers): Across => ({
  scale: 'linear',
  prefix: 'layer ',
  pitch: 1,
  ends: [1, layers],
}));

/**
 * Along training, each arm: the landscape, sharpness, and how the layers move each other.
 * @fires entry with the settings that were changed
 */
@customElement('landscape-charts')
export class LandscapeCharts extends LitElement {
  @property({ attribute: false }) view!: LandscapeView;
  @property({ attribute: false }) measurements!: Measurements;
  /** Parts of the measurements, so that their charts are drawn anew. */
  @property() parts = '';
  @property() theme = '';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 20px 28px;
      }
      .chart {
        display: grid;
        grid-template-rows: auto minmax(2.9em, auto) auto;
        gap: 4px;
        min-width: 0;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      line-chart {
        height: clamp(230px, 19vh, 400px);
      }
      .choice {
        grid-column: 1 / -1;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 24rem));
        gap: 6px 24px;
        font-size: 0.8125rem;
      }
      .choice :is(h2, p) {
        grid-column: 1 / -1;
      }
      label {
        grid-template-columns: 8.5rem minmax(0, 1fr);
      }
      label.slider {
        grid-template-columns: 8.5rem minmax(0, 1fr) 3.25rem;
      }
      @media (min-width: 1900px) {
        :host {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
      @media ${PHONE} {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
        line-chart {
          height: 210px;
        }
      }
    `,
  ];

  override render() {
    const { path, sharpness } = this.measurements;
    const empty = emptyWords(path);
    return html`
      ${this.band(
        'Variation of the loss',
        'L(θ − s·g) along the gradient g: least and most over the step lengths s.',
        bandPicks((look) => look.landscape?.loss),
        empty,
      )}
      ${this.band(
        'Predictiveness of the gradient',
        'By how much the gradient at θ − s·g differs from g, least and most.',
        bandPicks((look) => look.landscape?.predictiveness),
        empty,
      )}
      ${this.chart(
        'Effective β-smoothness',
        'That difference divided by the length s·|g| of the step, at its most.',
        this.lines(),
        [path.table, path.table.parts],
        () => lookCurves(path.table, this.arms, [({ landscape }) => landscape?.beta]),
        empty,
      )}
      ${this.sharpness(sharpness)} ${this.shift(path, empty)}
    `;
  }

  private get arms(): readonly number[] {
    return this.measurements.compared.arms.map((_, arm) => arm);
  }

  private lines(words = '', rest: Partial<Curve> = {}): Curve[] {
    return this.measurements.compared.arms.map(({ name }, arm) => ({
      label: words ? `${name}, ${words}` : name,
      colour: `--arm-${arm}`,
      width: widthOf(arm),
      ...rest,
    }));
  }

  private band(heading: string, words: string, picks: readonly [Pick, Pick], empty: string) {
    const { table } = this.measurements.path;
    const curves = this.lines().flatMap((line, arm): Curve[] => [
      { ...line, label: `${line.label}, most`, width: 1.25, bandTo: 2 * arm + 1 },
      { ...line, label: `${line.label}, least`, width: 1.25 },
    ]);
    return this.chart(
      heading,
      words,
      curves,
      [table, table.parts],
      () => lookCurves(table, this.arms, picks),
      empty,
    );
  }

  private sharpness(measured: Measured) {
    const { table, state, words } = measured;
    const { arms, edge } = this.measurements.compared;
    const line = edgeWords(arms[0]!.trial);
    const errors = this.arms.flatMap((trial) =>
      table.of(trial).map(({ sharpness }) => sharpness?.error ?? 0),
    );
    const told =
      state === 'failed'
        ? words
        : `In float64, each λ to within ${errors.length > 0 ? formatNumber(Math.max(...errors), 2) : '…'}.`;
    const curves: Curve[] = [
      ...this.lines(),
      ...this.lines('λ below 0', { scattered: true, silent: true }),
      { label: line, colour: '--accent', width: 1.5, dashed: true },
    ];
    return this.chart(
      `Sharpness |λ| and ${line}`,
      html`λ: the Hessian’s eigenvalue of largest magnitude; a disc where it is below 0. ${told}`,
      curves,
      [table, table.parts, edge],
      () => sharpnessCurves(table, this.arms, edge),
      emptyWords(measured),
    );
  }

  private shift(path: Measured, empty: string) {
    const { view } = this;
    const { table } = path;
    const layers = this.measurements.compared.arms[0]!.trial.model.hidden.length + 1;
    if (layers < 2)
      return html`<p class="quiet small choice">No layer lies below another, so none can move another.</p>`;
    const layer = Math.min(layers, view.layer ?? Math.ceil((layers + 1) / 2));
    const step = stepOf(view, path);
    const options = Array.from({ length: layers - 1 }, (_, i) => [String(i + 2), String(i + 2)] as const);
    const ofLayer =
      (part: ShiftPart): Pick =>
      ({ shift }) =>
        shift?.[layer - 1]?.[part];
    const key = [table, table.parts];
    return html`
      <div class="choice">
        <h2>Internal covariate shift</h2>
        <p class="quiet small">
          G = ∂L/∂W of a layer; G′ the same once the layers below it have made their update.
        </p>
        ${listField('by step: of layer', String(layer), options, (to) => this.enter({ layer: Number(to) }))}
        ${sliderField(
          'by layer: at step',
          step,
          { least: 0, most: Math.max(1, path.request.looks.at(-1) ?? 0) },
          view.every,
          String(step),
          (at) => this.enter({ at }),
        )}
      </div>
      ${(['difference', 'cosine'] as const).map((part) => {
        const name = part === 'difference' ? '|G − G′|' : 'cos(G, G′)';
        const upwards = part === 'cosine' ? COSINES : 'log';
        return html`
          ${this.chart(
            html`${name} <span class="quiet">of layer ${layer} by step</span>`,
            nothing,
            this.lines(),
            [...key, layer],
            () => lookCurves(table, this.arms, [ofLayer(part)]),
            empty,
            { upwards, label: `${name} of layer ${layer} by step` },
          )}
          ${this.chart(
            html`${name} <span class="quiet">by layer at step ${step}</span>`,
            nothing,
            this.lines(),
            [...key, step],
            () => shiftByLayer(table, this.arms, step, part),
            empty,
            { upwards, across: LAYERS[layers]!, label: `${name} by layer at step ${step}` },
          )}
        `;
      })}
    `;
  }

  private chart(
    heading: unknown,
    words: unknown,
    curves: readonly Curve[],
    key: unknown[],
    data: () => ReturnType<typeof lookCurves>,
    empty: string,
    {
      upwards = 'log',
      across = STEPS,
      label = String(heading),
    }: {
      upwards?: Upwards;
      across?: Across;
      label?: string;
    } = {},
  ) {
    return html`<div class="chart">
      <h3>${heading}</h3>
      ${words === nothing ? nothing : html`<p class="quiet small">${words}</p>`}
      <line-chart
        heading=${label}
        .curves=${knownCurves(curves)}
        .data=${guard(key, data)}
        .across=${across}
        .upwards=${upwards}
        empty=${empty}
        theme=${this.theme}
      ></line-chart>
    </div>`;
  }

  private enter(detail: Partial<LandscapeView>): void {
    this.dispatchEvent(new CustomEvent('entry', { detail }));
  }
}

/** The step whose shift is shown layer by layer: of the looks so far the latest, or the latest up to the one chosen. */
function stepOf({ at = Infinity }: LandscapeView, { table, request }: Measured): number {
  const last = Math.min(at, table.lastStep ?? 0);
  return request.looks.findLast((step) => step <= last) ?? 0;
}

/** What is said in a chart that has no curve yet. */
function emptyWords({ state }: Measured): string {
  return state === 'failed' ? 'not measured' : state === 'done' ? 'nothing to draw' : 'being measured …';
}

declare global {
  interface HTMLElementTagNameMap {
    'landscape-charts': LandscapeCharts;
  }
}
