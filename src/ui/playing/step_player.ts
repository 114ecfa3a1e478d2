import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import type { MapState } from '../map/map_state';

/** Steps of the larger leap. */
const LEAP = 10;

/** Training of all cells together, step by step: play, pause, single steps, and a scrubber over the steps. */
@customElement('step-player')
export class StepPlayer extends LitElement {
  @property({ attribute: false }) map!: MapState;

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      .row {
        flex-wrap: nowrap;
      }
      button {
        flex: none;
        height: 24px;
        font-size: 0.75rem;
      }
      .play {
        width: 4.25rem;
      }
      input {
        flex: 1;
        height: 24px;
        padding: 0;
        accent-color: var(--accent);
      }
      .row + .row {
        justify-content: space-between;
        margin-top: 4px;
        min-height: 24px;
      }
    `,
  ];

  override render() {
    const { player, sweep } = this.map;
    const { step, lastStep, refusal, isPlaying } = player;
    const isOff = !sweep.run || sweep.phase === 'measuring' || sweep.phase === 'failed';
    return html`
      <div class="row" role="group" aria-label="Training step by step" @keydown=${this.press}>
        <button class="play" ?disabled=${isOff} @click=${() => (isPlaying ? player.pause() : player.play())}>
          ${isPlaying ? 'Pause' : 'Play'}
        </button>
        ${[1, LEAP].map(
          (steps) =>
            html`<button
              ?disabled=${isOff || step === lastStep}
              aria-label="${steps} ${steps === 1 ? 'step' : 'steps'} further"
              @click=${() => player.move(steps)}
            >
              +${steps}
            </button>`,
        )}
        <input
          type="range"
          min="0"
          max=${lastStep}
          .value=${String(step ?? 0)}
          ?disabled=${isOff}
          aria-label="Step of training that the maps show"
          aria-valuetext=${step === undefined ? 'the trained maps' : `step ${step} of ${lastStep}`}
          aria-describedby="player-keys"
          @input=${({ target }: Event) => target instanceof HTMLInputElement && player.show(Number(target.value))}
        />
      </div>
      <div class="row">
        <span class="quiet number" role="status" data-step=${step ?? 'trained'}>${this.words()}</span>
        <button ?disabled=${step === undefined} @click=${() => player.leave()}>Trained maps</button>
      </div>
      ${refusal ? html`<p class="problem" role="alert" data-unplayable>${refusal}</p>` : nothing}
      <p id="player-keys" hidden>
        Arrow keys go a step on or back, Page Up and Page Down ten, Home and End to the first and the last;
        Space plays and pauses, Escape leads back to the trained maps.
      </p>
    `;
  }

  private words(): string {
    const { player, sweep } = this.map;
    const { step, lastStep, reached, isWaiting } = player;
    if (step === undefined)
      return isWaiting ? 'Starting all cells together …' : 'All cells together, step by step';
    const words = `before step ${step} of ${lastStep + 1}`;
    const rest = sweep.phase === 'training' ? ' · the sweep waits' : '';
    return reached > step && !player.isPlaying ? `${words} · trained to ${reached}${rest}` : words + rest;
  }

  private press(event: KeyboardEvent): void {
    const { player } = this.map;
    const isScrubber = event.target instanceof HTMLInputElement;
    const { step = 0, lastStep } = player;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowRight: () => player.show(step + 1),
      ArrowUp: () => player.show(step + 1),
      ArrowLeft: () => player.show(step - 1),
      ArrowDown: () => player.show(step - 1),
      PageUp: () => player.show(step + LEAP),
      PageDown: () => player.show(step - LEAP),
      Home: () => player.show(0),
      End: () => player.show(lastStep),
      ' ': () => (player.isPlaying ? player.pause() : player.play()),
    };
    const move = isScrubber ? moves[event.key] : undefined;
    if (event.key === 'Escape') player.leave();
    else if (move) move();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
