import { html } from 'lit';
import type { LabCompute, LabEngine } from '../../service/lab_protocol';
import type { Curve } from '../charts/line_chart';

/** What is compared, in the order of the arms' colours. */
export const ARMS = ['without batch norm', 'with batch norm'] as const;

/** An arm's curve; those without batch norm are thicker, so that both are seen where they coincide. */
export function armCurve(arm: 0 | 1): Curve {
  return { label: ARMS[arm], colour: `--arm-${arm}`, width: arm === 0 ? 2.5 : 1.5 };
}

/** What theory says of an arm. */
export function theoryCurve(arm: 0 | 1, label: string): Curve {
  return { label: `${ARMS[arm]}, ${label}`, colour: `--arm-${arm}`, width: 1.25, dashed: true, silent: true };
}

/** @param dashed what a dashed line is, and the vertical one */
export function legend(dashed: string, mark: string) {
  return html`<p class="row legend quiet">
    ${ARMS.map((words, arm) => html`<span><i .style="--colour: var(--arm-${arm})"></i>${words}</span>`)}
    <span><i class="dashed"></i>${dashed}</span>
    <span><i class="mark"></i>${mark}</span>
  </p>`;
}

/** Who computed, and in which numbers. */
export function computeWords({ engine, adapter }: LabCompute, wanted: LabEngine): string {
  if (engine !== 'reference') return `float32, by the ${engine} kernels on ${adapter}`;
  return wanted === 'gpu'
    ? 'float64, by the kernels’ reference on the CPU, since there is no WebGPU here'
    : 'float64, by the kernels’ reference on the CPU';
}
