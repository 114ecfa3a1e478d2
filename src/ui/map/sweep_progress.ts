import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Progress } from '../../scheduler/sweep';
import { formatSeconds } from '../../view/number_format';
import { speedWords, trialsWords } from '../../view/progress_words';
import { PHONE, sharedStyles } from '../page/styles';
import type { Phase } from './sweep_state';

type Command = 'pause' | 'resume' | 'stop' | 'restart';

/** Before anything is known of how far it has come. */
const BEFORE_ANY: Readonly<Record<Exclude<Phase, 'measuring'>, string>> = {
  training: 'Starting …',
  paused: 'Paused',
  stopped: 'Stopped',
  done: 'Done',
  failed: 'Failed',
};

/**
 * How far the sweep has come.
 * @fires command with pause, resume, stop or restart
 */
@customElement('sweep-progress')
export class SweepProgress extends LitElement {
  @property() phase: Phase = 'measuring';
  @property({ attribute: false }) progress: Progress | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      progress {
        width: 100%;
        height: 6px;
        margin: 0 0 6px;
        display: block;
        appearance: none;
        border: 0;
        border-radius: 3px;
        overflow: hidden;
        background: var(--sunken);
      }
      progress::-webkit-progress-bar {
        background: var(--sunken);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      .row {
        justify-content: space-between;
      }
      .number {
        flex: 1 0 100%;
      }
      button {
        height: 24px;
        font-size: 0.75rem;
      }
      @media ${PHONE} {
        progress {
          height: 4px;
          margin: 0;
        }
        .row {
          flex-wrap: nowrap;
          min-height: 44px;
        }
        .number {
          flex: 1;
        }
        .row > span {
          line-height: 15px;
        }
        /* Stop comes before it. */
        button:last-child:not(:only-child) {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { phase, progress } = this;
    return html`
      <progress
        max="1"
        value=${phase === 'done' ? 1 : (progress?.fraction ?? 0)}
        aria-label="Progress of the sweep"
      ></progress>
      <div class="row">
        <span class="quiet number" data-phase=${phase}>${this.words()}</span>
        <span class="row">
          ${phase === 'training' ? this.button('pause', 'Pause') : nothing}
          ${phase === 'paused' ? this.button('resume', 'Resume') : nothing}
          ${phase === 'training' || phase === 'paused' ? this.button('stop', 'Stop') : nothing}
          ${this.button('restart', 'Restart')}
        </span>
      </div>
    `;
  }

  private words(): string {
    const { phase, progress } = this;
    if (phase === 'measuring') return 'Measuring how fast this machine trains …';
    if (!progress) return BEFORE_ANY[phase];
    const state = {
      training: `${formatSeconds(progress.left)} left`,
      paused: 'paused',
      stopped: 'stopped',
      done: `done in ${formatSeconds(progress.elapsed)}`,
      failed: 'failed',
    }[phase];
    return [trialsWords(progress), state, speedWords(progress)].join(' · ');
  }

  private button(command: Command, label: string) {
    return html`<button @click=${() => this.dispatchEvent(new CustomEvent('command', { detail: command }))}>
      ${label}
    </button>`;
  }
}
