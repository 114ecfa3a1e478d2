import { paintFrame, paintFrameDifference, type ShownFrame } from '../../view/frame_picture';
import { mapColours, type Canvas } from '../../view/map_picture';
import { paletteOf } from '../../view/palettes';
import type { Picture } from '../map/pictures';

interface Drawn {
  readonly frame: ShownFrame;
  readonly palette: string;
  readonly arms: readonly Picture[];
  readonly difference: Picture;
}

/** The pictures of the maps at a step of training, made anew only for another frame or other colours. */
export class FramePictures {
  private drawn: Drawn | undefined;

  of(frame: ShownFrame, palette: string): Pick<Drawn, 'arms' | 'difference'> {
    if (this.drawn?.frame !== frame || this.drawn.palette !== palette) this.drawn = draw(frame, palette);
    return this.drawn;
  }
}

function draw(frame: ShownFrame, palette: string): Drawn {
  const { nx, ny, arms } = frame.grid;
  const colours = mapColours(paletteOf(palette));
  const picture = (paint: Picture['paint']): Picture => ({ width: nx, height: ny, filled: 1, paint });
  return {
    frame,
    palette,
    arms: Array.from({ length: arms }, (_, arm) =>
      picture((canvas: Canvas) => paintFrame(canvas, frame, arm, colours)),
    ),
    difference: picture((canvas: Canvas) => paintFrameDifference(canvas, frame)),
  };
}
