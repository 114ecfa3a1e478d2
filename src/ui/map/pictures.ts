import {
  finishedShare,
  mapColours,
  paintArm,
  paintDifference,
  type Canvas,
  type Results,
} from '../../view/map_picture';
import { paletteOf } from '../../view/palettes';
import type { Shading } from '../../view/shading';
import { shownResults, type Run } from './run';

/** What a map shows: its cells, and how to colour them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Paints a little at every turn. */
  readonly paint: (canvas: Canvas) => Iterator<void>;
  /** Share of the trials that are finished. */
  readonly filled: number;
}

/** What the maps show, ready to be painted. */
interface Drawn {
  readonly results: Results;
  readonly palette: string;
  readonly shading: Shading;
  readonly arms: readonly Picture[];
  readonly difference: Picture;
}

/** The pictures of the maps, made anew only for new results or colours, so that a moving crosshair repaints nothing. */
export class Pictures {
  private drawn: Drawn | undefined;

  of(run: Run, palette: string, shading: Shading): Drawn {
    const results = shownResults(run);
    const { drawn } = this;
    if (drawn?.results !== results || drawn.palette !== palette || drawn.shading !== shading)
      this.drawn = draw(run, palette, shading);
    return this.drawn!;
  }
}

function draw(run: Run, palette: string, shading: Shading): Drawn {
  const results = shownResults(run);
  const size = { width: results.grid.nx, height: results.grid.ny };
  const colours = mapColours(paletteOf(palette));
  const arms = run.experiment.arms.map((_, arm) => ({
    ...size,
    filled: finishedShare(results, arm),
    paint: (canvas: Canvas) => paintArm(canvas, results, arm, colours, shading),
  }));
  const difference = {
    ...size,
    filled: Math.min(...arms.slice(0, 2).map(({ filled }) => filled)),
    paint: (canvas: Canvas) => paintDifference(canvas, results),
  };
  return { results, palette, shading, arms, difference };
}
