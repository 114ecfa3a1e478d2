import { css, html, LitElement, nothing, unsafeCSS, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import type { CurveData } from './curves';
import { formatNumber } from './number_format';
import { sharedStyles } from './styles';

export interface Curve {
  label: string;
  /** A CSS custom property that holds its colour. */
  colour: string;
  dashed?: boolean;
}

/** Curves over steps on a log scale. */
@customElement('line-chart')
export class LineChart extends LitElement {
  @property() heading = '';
  @property({ attribute: false }) curves: readonly Curve[] = [];
  @property({ attribute: false }) data: CurveData = [[]];
  /** Changes with the colours, which a canvas cannot inherit. */
  @property() theme = '';
  @property({ type: Number }) height = 200;
  @query('.chart') private chart!: HTMLElement;
  private plot: uPlot | undefined;
  private readonly resizing = new ResizeObserver(() => this.plot?.setSize(this.size()));

  static override styles = [
    unsafeCSS(uPlotCss),
    sharedStyles,
    css`
      .chart {
        width: 100%;
        overflow: hidden;
      }
      .chart[data-empty] {
        visibility: hidden;
      }
      .frame {
        position: relative;
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
      }
    `,
  ];

  override render() {
    const points = this.curves.map((_, i) => this.data[i + 1]?.filter((value) => value !== null).length ?? 0);
    const empty = points.every((count) => count === 0);
    return html`<div class="frame">
      <div
        class="chart"
        .style="height: ${this.height}px"
        role="img"
        aria-label="${this.heading}: ${this.curves.map(({ label }, i) => `${label}, ${points[i]} steps`).join('; ')}"
        data-points=${points.join()}
        ?data-empty=${empty}
      ></div>
      ${empty ? html`<p class="quiet small">drawn when the cell has been trained</p>` : nothing}
    </div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resizing.observe(this.chart);
  }

  override firstUpdated(): void {
    this.resizing.observe(this.chart);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('theme') || changed.has('curves')) {
      this.plot?.destroy();
      this.plot = undefined;
    }
    if (this.plot) this.plot.setData(this.drawable());
    else this.plot = new uPlot(this.options(), this.drawable(), this.chart);
  }

  /** A log scale cannot be laid out over nothing at all. */
  private drawable(): uPlot.AlignedData {
    const [steps, ...curves] = this.data;
    const empty = !curves.some((curve) => curve.some((value) => value !== null));
    return empty ? [[0, 1], ...this.curves.map(() => [null, null])] : [steps, ...curves];
  }

  private size() {
    return { width: Math.max(120, this.chart.clientWidth), height: this.height };
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--quiet'),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    return {
      ...this.size(),
      legend: { show: false },
      padding: [6, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 5 } },
      scales: { x: { time: false }, y: { distr: 3, range: logRange } },
      axes: [
        { ...axis, size: 22, gap: 3 },
        {
          ...axis,
          size: 44,
          gap: 3,
          splits: (_plot, _axis, low, high) => decades(low, high),
          filter: (_plot, splits) => splits,
          values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : formatNumber(tick, 1))),
        },
      ],
      series: [
        {},
        ...this.curves.map(({ label, colour: name, dashed }) => ({
          label,
          stroke: colour(name),
          width: 1.5,
          points: { show: false },
          ...(dashed && { dash: [4, 3] }),
        })),
      ],
    };
  }
}

/** Powers of ten, about six at most. */
function decades(low: number, high: number): number[] {
  const [from, to] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / 6));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => 10 ** (from + i * step));
}

/** Whole decades around the values, at least one. */
function logRange(_: uPlot, low: number | null, high: number | null): [number, number] {
  if (!(low! > 0) || !(high! > 0)) return [0.1, 10];
  const from = Math.floor(Math.log10(low!));
  return [10 ** from, 10 ** Math.max(from + 1, Math.ceil(Math.log10(high!)))];
}
