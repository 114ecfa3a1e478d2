import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GpuUnavailableState } from '../../gpu/errors';
import { COMPUTE_STATES, isSoftware, type ComputeState } from '../../view/gpu_states';
import { FASTEST } from '../../training/engines';
import { shapeWords } from '../../view/shape_words';
import { sharedStyles } from '../page/styles';
import type { Compute } from './sweep_state';

/** What computes here, how exactly, and what to do when it is not a GPU. */
@customElement('adapter-panel')
export class AdapterPanel extends LitElement {
  @property({ attribute: false }) compute: Compute | undefined;
  /** In which the engine trains, as results name it; several with commas between. */
  @property() shape: string | undefined;
  @property() unavailable: GpuUnavailableState | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      .state {
        margin-top: 4px;
      }
    `,
  ];

  override render() {
    const { compute, unavailable } = this;
    const state: ComputeState =
      unavailable ?? (compute && isSoftware(compute.adapter) ? 'software-adapter' : 'gpu');
    const { title, words, remedy } = COMPUTE_STATES[state];
    return html`
      <p class="quiet" data-compute=${state}>
        ${compute ? adapterWords(compute, this.shape) : 'Looking for a graphics adapter …'}
      </p>
      ${
        state === 'gpu'
          ? nothing
          : html`<p
              class="state ${unavailable ? 'problem' : 'quiet'}"
              role=${unavailable ? 'status' : nothing}
            >
              <strong>${title}.</strong> ${words} ${remedy}
              ${unavailable ? 'Until then the CPU reference trains the networks, in float64 and far slower.' : ''}
            </p>`
      }
    `;
  }
}

function adapterWords({ adapter, engine, workers, checked }: Compute, shape: string | undefined): string {
  if (engine === 'reference')
    return `CPU reference engine, float64, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  // After a fault the engine of single kernels may train on, which has no shapes.
  const shaped = shape && engine === FASTEST ? `, ${shapeWords(shape)}` : '';
  return `${adapter} · ${engine} engine, float32${shaped}${checked ? ' · checked on this adapter' : ''}`;
}
