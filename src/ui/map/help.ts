import type { HelpEntry } from '../page/tab';

/** What can be done on the maps. */
export const MAP_HELP: readonly HelpEntry[] = [
  ['point', 'values of the cell and its trial, in both arms'],
  ['click', 'pin the cell, up to four; once more to free it'],
  ['Enter', 'set a pin, from which the arrow keys move on; once more to free it'],
  ['S', 'select cells, by box or lasso, or by key from corner to corner'],
  ['wheel, pinch, double-click', 'zoom at the pointer; Shift and double-click: out'],
  ['Ctrl and wheel', 'the same, where the wheel scrolls the page'],
  ['drag', 'move a map that is zoomed in'],
  ['Shift and drag', 'zoom to a box'],
  ['arrow keys', 'move the crosshair by a cell, and on beyond the edge; with Shift by eight'],
  ['Home, End, Page Up, Page Down', 'to the ends of the row, and an eighth of the map up and down'],
  ['+ and −', 'zoom in and out at the crosshair'],
  ['R', 'the whole maps'],
  ['drag on a small map', 'the frame: move the view; beside it, or with Shift: draw another'],
  ['arrow keys on a small map', 'move the view by a quarter of it; with Shift by all of it'],
  ['Escape', 'free the latest pin, fold the trial’s sheet'],
  [
    'Space, left and right on the scrubber',
    'play the training of all cells together, and go step by step; Page Up, Page Down: ten',
  ],
  ['Escape on the scrubber', 'the trained maps'],
  ['Back and Forward', 'every edit and every view is a step of the history'],
  ['a file dropped anywhere', 'opens the experiment that it holds'],
];
