import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { fieldColumnStyles, fieldStyles, listField, logSliderField } from '../page/fields';
import { sharedStyles } from '../page/styles';
import { leastEvery, type LandscapeView, type Net, type Reach } from './landscape_view';

/** Learning rates that the slider leads to. */
const SLIDER_RATES = { least: 1e-5, most: 10 };
const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000];
const EVERY = [1, 2, 5, 10, 20, 50, 100];

const NETS: readonly (readonly [Net, string])[] = [
  ['bed', '4 ReLU layers'],
  ['linear', '25 linear layers'],
  ['map', 'Map’s crosshair'],
];
const NET_WORDS: Readonly<Record<Net, string>> = {
  bed: '4 hidden ReLU layers of 16, weights 1.5 times as large as He’s; 128 samples of a teacher network.',
  linear:
    '25 weight layers of 10, no φ; 128 samples of a linear map. η counts for the mean over ten outputs: 0.01 here is 0.001 of their sum.',
  map: 'The experiment of the Map, at the cell that was pinned last, or at its own values.',
};
const REACHES: readonly (readonly [Reach, string])[] = [
  ['vgg', '½ to 4 × η'],
  ['linear', '1/100 to 30 × η'],
];

/**
 * What the Landscape tab measures.
 * @fires entry with the settings that were changed
 */
@customElement('landscape-controls')
export class LandscapeControls extends LitElement {
  @property({ attribute: false }) view!: LandscapeView;
  /** η in force. */
  @property({ type: Number }) rate = 0.1;

  static override styles = [sharedStyles, fieldStyles, fieldColumnStyles];

  override render() {
    const { view, rate } = this;
    return html`
      <h2>Training</h2>
      ${listField('network', view.net, NETS, (net) =>
        // Each network comes with the rate and the reach at which it is looked at in the literature.
        this.enter({ net, rate: undefined, reach: net === 'linear' ? 'linear' : 'vgg', layer: undefined }),
      )}
      <p class="quiet small">${NET_WORDS[view.net]}</p>
      ${logSliderField('learning rate η', rate, SLIDER_RATES, (to) => this.enter({ rate: to }))}
      ${listField('steps', String(view.steps), counts(STEPS, view.steps), (steps) =>
        this.enter({
          steps: Number(steps),
          every: Math.max(view.every, leastEvery(Number(steps))),
          at: undefined,
        }),
      )}
      <h2>Looks</h2>
      ${listField('at every', String(view.every), everys(view), (every) =>
        this.enter({ every: Number(every) }),
      )}
      ${listField('step lengths', view.reach, REACHES, (reach) => this.enter({ reach }))}
    `;
  }

  private enter(detail: Partial<LandscapeView>): void {
    this.dispatchEvent(new CustomEvent('entry', { detail }));
  }
}

/** Some counts, and the one that a link may have chosen besides. */
function counts(some: readonly number[], own: number) {
  return [...new Set([...some, own])]
    .sort((a, b) => a - b)
    .map((count) => [String(count), String(count)] as const);
}

function everys({ steps, every }: LandscapeView) {
  const least = leastEvery(steps);
  return counts(
    EVERY.filter((count) => count >= least && count <= steps),
    every,
  ).map(([value]) => [value, value === '1' ? 'step' : `${value}th step`] as const);
}

declare global {
  interface HTMLElementTagNameMap {
    'landscape-controls': LandscapeControls;
  }
}
