import { html } from 'lit';
import type { TimeAxis } from '../../view/curves';
import { STEPS, type Across } from '../charts/line_chart';
import type { MapState } from '../map/map_state';

const WORDS: Readonly<Record<TimeAxis, string>> = { steps: 'over t', rate: 'over η·t' };

/** The scale of η·t: learning rates differ by powers of ten. */
const OVER_RATE: Across = { scale: 'log', prefix: 'η·t = ' };

/** What a chart over this has across. */
export function acrossOf(time: TimeAxis): Across {
  return time === 'rate' ? OVER_RATE : STEPS;
}

/** Chooses what the curves of all charts are drawn over. */
export function timeChoice(map: MapState) {
  const { time } = map.view;
  return html`<select
    aria-label="Horizontal axis"
    @change=${({ target }: Event) =>
      map.show({ time: target instanceof HTMLSelectElement && target.value === 'rate' ? 'rate' : 'steps' })}
  >
    ${Object.entries(WORDS).map(
      ([value, words]) => html`<option value=${value} .selected=${value === time}>${words}</option>`,
    )}
  </select>`;
}
