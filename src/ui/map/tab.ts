import { html, nothing } from 'lit';
import type { TabDescriptor } from '../page/tab';
import { MAP_HELP } from './help';
import { MapState, type MapFound } from './map_state';
import './map_tab';
import { checkMap, editedMap, MAP_SETTINGS, openedMap, type MapView } from './map_view';

/** Home: the maps, whose sweep goes on while other tabs are shown. */
export const MAP_TAB: TabDescriptor<MapView, MapFound> = {
  name: 'Map',
  settings: MAP_SETTINGS,
  help: MAP_HELP,
  check: checkMap,
  opened: openedMap,
  edited: editedMap,
  open(page) {
    const map = new MapState(page);
    return {
      render: (theme, tour) =>
        html`<map-tab .map=${map} theme=${theme} ?tour=${tour !== nothing}>${tour}</map-tab>`,
      holdsTour: true,
      findings: { sources: [map], now: () => map.found },
    };
  },
};
