import {
  finishedShare,
  mapColours,
  paintArm,
  paintDifference,
  type Canvas,
  type Results,
} from '../../view/map_picture';
import { dimmed, type Looked } from '../../view/cell_filter';
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
  readonly looked: Looked | undefined;
  readonly arms: readonly Picture[];
  readonly difference: Picture;
}

/** The pictures of the maps, made anew only for new results or colours, so that a moving crosshair repaints nothing. */
export class Pictures {
  private drawn: Drawn | undefined;

  /** @param looked the cells that are not dimmed; all of them where it is left out */
  of(run: Run, palette: string, shading: Shading, looked?: Looked): Drawn {
    const results = shownResults(run);
    const { drawn } = this;
    const isSame =
      drawn?.results === results &&
      drawn.palette === palette &&
      drawn.shading === shading &&
      drawn.looked?.selected === looked?.selected &&
      drawn.looked?.hidden === looked?.hidden;
    if (!isSame) this.drawn = draw(run, palette, shading, looked);
    return this.drawn!;
  }
}

function draw(run: Run, palette: string, shading: Shading, looked?: Looked): Drawn {
  const results = shownResults(run);
  const size = { width: results.grid.nx, height: results.grid.ny };
  const colours = mapColours(paletteOf(palette));
  const paint = (canvas: Canvas, rows: Iterator<void>, arms: readonly number[]) =>
    looked ? dimmed(rows, canvas, results, arms, looked) : rows;
  const arms = run.experiment.arms.map((_, arm) => ({
    ...size,
    filled: finishedShare(results, arm),
    paint: (canvas: Canvas) => paint(canvas, paintArm(canvas, results, arm, colours, shading), [arm]),
  }));
  const difference = {
    ...size,
    filled: Math.min(...arms.slice(0, 2).map(({ filled }) => filled)),
    paint: (canvas: Canvas) => paint(canvas, paintDifference(canvas, results), [0, 1]),
  };
  return { results, palette, shading, looked, arms, difference };
}
