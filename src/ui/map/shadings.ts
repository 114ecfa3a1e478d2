import type { Results } from '../../view/map_picture';
import { Shading, type ShadingChoice } from '../../view/shading';
import { shownResults, type Run } from './run';

/** How the maps are coloured, made anew only for new results or another choice: all that shows colours asks for it. */
export class Shadings {
  private made:
    { readonly results: Results; readonly choice: ShadingChoice; readonly shading: Shading } | undefined;

  of(run: Run, choice: ShadingChoice): Shading {
    const results = shownResults(run);
    const { made } = this;
    const isSame =
      made?.results === results &&
      (['colouring', 'range', 'equalize'] as const).every((name) => made.choice[name] === choice[name]);
    if (isSame) return made.shading;
    const shading = new Shading(results, choice, run.scale.ends);
    this.made = { results, choice, shading };
    return shading;
  }
}
