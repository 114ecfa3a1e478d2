import { css, html, LitElement, nothing, unsafeCSS, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { across, ticks, upwards, type Tick } from '../../view/axis_ticks';
import { drawing, type CurveData, type Drawing } from '../../view/curves';
import { formatNumber } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import { labelsWidth, textScale, tickLabels, tickStyles } from './tick_labels';

export interface Curve {
  label: string;
  /** A CSS custom property that holds its colour. */
  colour: string;
  /** Pixels; of curves that coincide the later ones are thinner, so that each is seen. */
  width: number;
  dotted?: boolean;
}

/** Curves over steps on a log scale, and their values at the pointer. */
@customElement('line-chart')
export class LineChart extends LitElement {
  @property() heading = '';
  @property({ attribute: false }) curves: readonly Curve[] = [];
  @property({ attribute: false }) data: CurveData = [[]];
  /** Changes with the colours, which a canvas cannot inherit. */
  @property() theme = '';
  @query('.chart') private chart!: HTMLElement;
  /** Pixels that the curves have. */
  @state() private size = { width: 240, height: 160 };
  /** The step under the pointer, by index. */
  @state() private at: number | undefined;
  private plot: uPlot | undefined;
  private drawn: Drawing = drawing([[]]);
  private xTicks: Tick[] = [];
  private yTicks: Tick[] = [];
  private readonly resizing = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = this.chart;
    if (width > 0 && height > 0) this.size = { width, height };
  });

  static override styles = [
    unsafeCSS(uPlotCss),
    sharedStyles,
    tickStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .frame {
        position: relative;
        flex: 1;
        min-height: 0;
        display: grid;
        grid-template: minmax(0, 1fr) 1.125rem / max-content minmax(0, 1fr);
        padding: 9px 8px 0 0; /* for the labels at the ends */
      }
      .chart {
        position: relative;
        min-height: 0;
      }
      .x-ticks {
        grid-column: 2;
      }
      .uplot {
        position: absolute;
        inset: 0;
      }
      .frame[data-empty] > :not(p) {
        visibility: hidden;
      }
      .frame p {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        border: 1px dashed var(--line);
        border-radius: 6px;
      }
      .u-over {
        cursor: crosshair;
        touch-action: pan-y;
      }
      .reading {
        display: flex;
        flex-wrap: wrap;
        align-content: start;
        gap: 0 9px;
        line-height: 1.4;
        min-height: 1.4em;
      }
      .two {
        min-height: 2.8em;
      }
      .reading span {
        display: flex;
        align-items: center;
        gap: 5px;
        white-space: nowrap;
      }
      .reading i {
        width: 14px;
        border-top: 2px solid var(--colour);
      }
      .reading i.dotted {
        border-top: 3px dotted var(--colour);
      }
    `,
  ];

  override render() {
    const points = this.curves.map((_, i) => this.data[i + 1]?.filter((value) => value !== null).length ?? 0);
    const empty = points.every((count) => count === 0);
    return html`
      <div class="frame" ?data-empty=${empty}>
        <div class="y-ticks" .style="width: ${labelsWidth(this.yTicks)}px">
          ${tickLabels(this.yTicks, 'bottom')}
        </div>
        <div
          class="chart"
          role="img"
          aria-label="${this.heading}: ${this.curves.map((_, i) => this.words(i, points[i] ?? 0)).join('; ')}"
          data-points=${points.join()}
          @pointermove=${this.point}
        ></div>
        <div class="x-ticks">${tickLabels(this.xTicks, 'left')}</div>
        ${empty ? html`<p class="quiet small">drawn when the cell has been trained</p>` : nothing}
      </div>
      <div class="reading number small quiet ${this.curves.length > 2 ? 'two' : ''}">
        ${empty ? nothing : this.reading()}
      </div>
    `;
  }

  /** What there is of a curve, and where a log scale does not show it. */
  private words(index: number, points: number): string {
    const [steps, ...columns] = this.data;
    const ends = (this.drawn.marks[index] ?? []).map((i) => {
      const value = columns[index]?.[i];
      return `, ${formatNumber(value ?? 0)} at step ${steps[i]}`;
    });
    return `${this.curves[index]?.label}, ${points} steps${ends.slice(0, 3).join('')}`;
  }

  /** Values at the step under the pointer, else at the last. */
  private reading() {
    const [steps, ...columns] = this.data;
    const at = Math.min(this.at ?? Infinity, steps.length - 1);
    return html`<span>step ${steps[at]}</span> ${this.curves.map(({ label, colour, dotted }, i) => {
        const value = columns[i]?.[at] ?? undefined;
        return html`<span title=${label}>
          <i class=${dotted ? 'dotted' : ''} .style="--colour: var(${colour})"></i>
          ${value === undefined ? 'ended' : formatNumber(value)}
        </span>`;
      })}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.resizing.observe(this.chart);
    this.requestUpdate();
  }

  override firstUpdated(): void {
    this.resizing.observe(this.chart);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.destroy();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('data')) this.drawn = drawing(this.data);
    if (changed.has('data') || changed.has('size')) this.layTicks();
  }

  private layTicks(): void {
    const { range, decades, zero, infinite } = this.drawn;
    const { width, height } = this.size;
    const last = this.data[0].at(-1) ?? 1;
    this.xTicks = ticks('linear', 0, last, (step) => step / (last || 1), across(width, textScale()), 1);
    const share = (log: number) => (log - range[0]) / (range[1] - range[0]);
    const [low, high] = decades.map((exponent) => Number(`1e${exponent}`));
    const apart = (label: string, log: number | undefined) =>
      log === undefined ? [] : [{ value: Number.NaN, label, position: share(log), shift: 0 }];
    this.yTicks = [
      ...apart('0', zero),
      ...ticks('log', low!, high!, (value) => share(Math.log10(value)), upwards(height, textScale())),
      ...apart('∞', infinite),
    ];
  }

  override updated(changed: PropertyValues): void {
    if (!this.isConnected) return;
    if (changed.has('theme') || changed.has('curves')) this.destroy();
    if (!this.plot) this.plot = new uPlot(this.options(), this.aligned(), this.chart);
    else if (changed.has('data')) this.plot.setData(this.aligned());
    if (changed.has('size')) this.plot.setSize(this.size);
  }

  private destroy(): void {
    this.plot?.destroy();
    this.plot = undefined;
  }

  private aligned(): uPlot.AlignedData {
    const [steps] = this.data;
    return steps.length > 0
      ? [steps, ...this.drawn.curves]
      : [[0, 1], ...this.curves.map(() => [null, null])];
  }

  /** A finger has no pointer that rests on the chart. */
  private point(event: PointerEvent): void {
    const { plot } = this;
    if (event.pointerType !== 'touch' || !plot) return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor({ left: event.clientX - left, top: event.clientY - top });
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const lines = (splits: () => number[]): uPlot.Axis => ({
      size: 0,
      gap: 0,
      splits,
      filter: (_, all) => all,
      values: (_, all) => all.map(() => ''),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    });
    return {
      ...this.size,
      legend: { show: false },
      padding: [0, 0, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 5 } },
      hooks: {
        setCursor: [(plot) => (this.at = plot.cursor.idx ?? undefined)],
        draw: [(plot) => this.mark(plot)],
      },
      scales: {
        x: { time: false, range: (_, low, high) => [low, high > low ? high : low + 1] },
        y: { range: () => this.drawn.range },
      },
      axes: [
        lines(() => this.xTicks.map(({ value }) => value)),
        lines(() => this.yTicks.map(({ position }) => between(this.drawn.range, position))),
      ],
      series: [
        {},
        ...this.curves.map(({ label, colour: name, width, dotted }) => ({
          label,
          stroke: colour(name),
          width,
          points: { show: false },
          ...(dotted && { dash: [0.1, 2.4 * width], cap: 'round' as const }),
        })),
      ],
    };
  }

  /** An arrow where a curve ceases to be finite, a ring where it comes to 0. */
  private mark(plot: uPlot): void {
    const { ctx } = plot;
    const size = 4 * devicePixelRatio;
    const style = getComputedStyle(this);
    const { marks, curves } = this.drawn;
    for (const [index, { colour }] of this.curves.entries())
      for (const i of marks[index] ?? []) {
        const x = plot.valToPos(this.data[0][i]!, 'x', true);
        const log = curves[index]![i]!;
        const y = plot.valToPos(log, 'y', true);
        ctx.fillStyle = style.getPropertyValue(colour).trim();
        ctx.beginPath();
        if (log === this.drawn.infinite) {
          ctx.moveTo(x - size, y + size);
          ctx.lineTo(x, y - size);
          ctx.lineTo(x + size, y + size);
        } else ctx.arc(x, y, size, 0, 2 * Math.PI);
        ctx.fill();
      }
  }
}

const between = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);
