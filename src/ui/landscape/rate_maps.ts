import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { Axis } from '../../experiment/types';
import { nearestIndex, type Cell } from '../../view/headline';
import { gradientChange, lossVariation, type Pick } from '../../view/looks';
import { mapColours, type Canvas } from '../../view/map_picture';
import { formatNumber } from '../../view/number_format';
import { cssColour, oklchToRgb, paletteOf, rampColours } from '../../view/palettes';
import {
  DIVERGED_SHADE,
  measuredShare,
  paintValues,
  valueAtCell,
  valueRange,
  type RateLooks,
} from '../../view/value_map';
import type { Picture } from '../map/pictures';
import { fieldStyles, listField } from '../page/fields';
import { PHONE, sharedStyles } from '../page/styles';
import { rateAt } from './landscape_networks';
import type { Measurements } from './landscape_run';
import type { LandscapeView, MapMeasure } from './landscape_view';
import './measure_map';

/** What each measure of the maps is, in words and of a look. */
const MEASURED: Readonly<Record<MapMeasure, { readonly words: string; readonly pick: Pick }>> = {
  beta: { words: 'effective β-smoothness', pick: ({ landscape }) => landscape?.beta },
  variation: { words: 'variation of the loss, in units of the loss', pick: lossVariation },
  change: { words: 'most change of the gradient, in units of the gradient', pick: gradientChange },
  loss: { words: 'loss', pick: ({ loss }) => loss },
};

/**
 * The landscape over learning rates and steps, a map an arm.
 * @fires entry with the settings that were changed
 */
@customElement('rate-maps')
export class RateMaps extends LitElement {
  @property({ attribute: false }) view!: LandscapeView;
  @property({ attribute: false }) measurements!: Measurements;
  @property() palette = '';
  /** Parts of the measurement, so that its maps are painted anew. */
  @property() parts = '';
  /** The cell that is looked at, in all maps; before any was, that of the charts' rate at the start. */
  @state() private cell: Cell | undefined;

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 8px 28px;
      }
      .head {
        grid-column: 1 / -1;
        display: grid;
        gap: 6px;
        max-width: 40rem;
        font-size: 0.8125rem;
      }
      .legend {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        align-items: center;
      }
      .legend span {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      i {
        width: 22px;
        height: 12px;
        border-radius: 2px;
        background: var(--colour);
      }
      i.ramp {
        width: 90px;
      }
      @media ${PHONE} {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override render() {
    const { view, measurements } = this;
    const { compared, rates: measured } = measurements;
    const { table, request } = measured;
    const { looks } = request;
    const rateLooks: RateLooks = { table, rates: compared.rates.count, steps: looks };
    const { words, pick } = MEASURED[view.measure];
    const options = Object.entries(MEASURED).map(([name, one]) => [name as MapMeasure, one.words] as const);
    const range = valueRange(rateLooks, compared.arms.length, pick);
    const axes = axesOf(measurements);
    const { ix, iy } = this.cell ?? { ix: nearestIndex(axes.x, compared.rate), iy: 0 };
    const cell = { ix, iy: Math.min(iy, looks.length - 1) };
    const where = `η = ${formatNumber(rateAt(compared, cell.ix))}, step ${looks[cell.iy]}`;
    return html`
      <div class="head">
        <h2>The same over learning rates</h2>
        <p class="quiet small">
          Each column is a training run; a click, or Enter, draws the charts at its rate. Colours lie on a
          logarithmic scale, the same for all maps, with a twentieth of the values beyond either end.
        </p>
        ${listField('colour', view.measure, options, (measure) => this.enter({ measure }))}
      </div>
      ${compared.arms.map(
        ({ name }, arm) =>
          html`<measure-map
            heading="${name}: η across, steps upwards"
            reading="${where}: ${this.cellWords(rateLooks, arm, cell, pick)}"
            .picture=${guard([table, table.parts, view.measure, this.palette], () =>
              range ? this.picture(rateLooks, arm, pick, range) : undefined,
            )}
            .axes=${axes}
            .cell=${cell}
            @look-at=${({ detail }: CustomEvent<Cell>) => (this.cell = detail)}
            @choose=${({ detail }: CustomEvent<Cell>) =>
              this.enter({ rate: Number(rateAt(compared, detail.ix).toPrecision(3)) })}
          ></measure-map>`,
      )}
      ${this.legend(words, range)}
    `;
  }

  private legend(words: string, range: readonly [number, number] | undefined) {
    const palette = paletteOf(this.palette);
    const { state: stage, words: failure, compute } = this.measurements.rates;
    const ramp = rampColours(palette.amount, 5).map(cssColour).join(', ');
    const diverged = rampColours(palette.diverged);
    const ends = range ? `${formatNumber(range[0])} to ${formatNumber(range[1])}` : '…';
    return html`<div class="legend small">
        <span><i class="ramp" .style="--colour: linear-gradient(90deg, ${ramp})"></i>${words} ${ends}</span>
        <span
          ><i
            .style="--colour: ${cssColour(diverged[Math.round(DIVERGED_SHADE * (diverged.length - 1))]!)}"
          ></i
          >diverged before</span
        >
        <span
          ><i .style="--colour: ${cssColour(oklchToRgb(palette.risen))}"></i>no number, or hidden by
          rounding</span
        >
      </div>
      <p class="quiet small head" role="status" data-rates=${stage}>
        ${stage === 'failed' ? failure : compute ? `Measured on ${compute.adapter} (${compute.engine}).` : 'Waits for the measurements above.'}
      </p>`;
  }

  private picture(rateLooks: RateLooks, arm: number, pick: Pick, range: readonly [number, number]): Picture {
    const colours = mapColours(paletteOf(this.palette));
    return {
      width: rateLooks.rates,
      height: rateLooks.steps.length,
      filled: measuredShare(rateLooks, arm),
      paint: (canvas: Canvas) => paintValues(canvas, rateLooks, arm, pick, range, colours),
    };
  }

  private cellWords(rateLooks: RateLooks, arm: number, { ix, iy }: Cell, pick: Pick): string {
    const cell = valueAtCell(rateLooks, arm, ix, iy, pick);
    switch (cell.kind) {
      case 'value':
        return formatNumber(cell.value);
      case 'diverged':
        return `diverged at step ${cell.step}`;
      case 'none':
        return 'no number, or hidden by rounding';
      case 'waits':
        return 'not measured yet';
    }
  }

  private enter(detail: Partial<LandscapeView>): void {
    this.dispatchEvent(new CustomEvent('entry', { detail }));
  }
}

function axesOf({ compared, rates: { request } }: Measurements): { x: Axis; y: Axis } {
  const { looks } = request;
  return {
    x: { parameter: 'optimizer.learningRate', scale: 'log', ...compared.rates },
    y: { parameter: 'optimizer.steps', scale: 'linear', from: 0, to: looks.at(-1)!, count: looks.length },
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rate-maps': RateMaps;
  }
}
