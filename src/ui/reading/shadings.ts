import type { Results } from '../../view/map_picture';
import { Shading, type ShadingChoice } from '../../view/shading';
import { shownResults, type Run } from '../map/run';

const CHOICES = ['colouring', 'range', 'equalize'] as const satisfies readonly (keyof ShadingChoice)[];

/** How maps are coloured, made anew only for new results or another choice: all that shows colours asks for it. */
export class Shadings {
  private readonly made = new WeakMap<Results, { choice: ShadingChoice; shading: Shading }>();

  of(run: Run, choice: ShadingChoice): Shading {
    const results = shownResults(run);
    const made = this.made.get(results);
    if (made && CHOICES.every((name) => made.choice[name] === choice[name])) return made.shading;
    const shading = new Shading(results, choice, run.scale.ends);
    this.made.set(results, { choice, shading });
    return shading;
  }
}
