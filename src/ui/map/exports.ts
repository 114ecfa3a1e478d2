import { version } from '../../../package.json';
import { encodePng, type Picture } from '../../experiment/png';
import { storedExperiment } from '../../experiment/stored';
import { serializeExperiment } from '../../experiment/url';
import { TrialSource } from '../../scheduler/trial_source';
import { arraysZip } from '../../view/arrays_zip';
import { legendRows, rampStops, rampWords } from '../../view/legend_rows';
import { drawMap } from '../../view/map_file';
import { framed, labelledMap } from '../../view/map_labels';
import { heldIn } from '../../view/outcomes';
import { paletteOf } from '../../view/palettes';
import { Shading } from '../../view/shading';
import { trialLines } from '../../view/trials_csv';
import type { Export } from '../page/export_menu';
import { fileName, jsonFile, type PageFile } from '../page/files';
import { drawLabels } from './draw_labels';
import type { MapState } from './map_state';
import type { MapView } from './map_view';

/** Pixels that a side of a saved map has at least: enough for a slide. */
const SIDE = 480;

/** What can be saved of a sweep. The results are those of the experiment that the files hold, without any longer training. */
export function exportsOf({ page, sweep, view }: MapState): readonly Export[] {
  const { run, compute, shape, faults } = sweep;
  const { experiment } = page.view;
  const asExperiment = run?.longer?.isShown ? ', without the longer training' : '';
  const ofRun = (ending: string, type: string, pieces: (of: Saved) => PageFile['pieces']) => {
    if (!run || !compute) return undefined;
    const { engine, adapter } = compute;
    const document = storedExperiment(run.experiment, {
      version,
      engine,
      adapter,
      ...(shape && { shape }),
      faults,
    });
    const name = `${fileName(run.experiment.name)}.${ending}`;
    return () => ({ name, type, pieces: pieces({ run, document }) });
  };
  return [
    {
      label: 'Experiment (JSON)',
      words: 'all that the page trains, as a file',
      file: () => jsonFile(fileName(experiment.name), serializeExperiment(experiment)),
    },
    {
      label: 'Picture (PNG)',
      words: `the maps and their legend${asExperiment}; opened here it is the experiment again`,
      file: ofRun('png', 'image/png', (saved) =>
        encodePng(labelledPicture(saved, view), JSON.stringify(saved.document)),
      ),
    },
    {
      label: 'Trials (CSV)',
      words: `a line for each trial that has finished${asExperiment}`,
      file: ofRun('csv', 'text/csv', ({ run, document }) =>
        trialLines(heldIn(run.results.table, new TrialSource(document))),
      ),
    },
    {
      label: 'Arrays (NumPy)',
      words: `each outcome as .npy${asExperiment}, and the experiment, in a ZIP`,
      file: ofRun('zip', 'application/zip', ({ run, document }) =>
        arraysZip(new TrialSource(document), run.results.table, serializeExperiment(document)),
      ),
    },
  ];
}

/** A run, and the document that its files hold. */
interface Saved {
  readonly run: NonNullable<MapState['sweep']['run']>;
  readonly document: ReturnType<typeof storedExperiment>;
}

/** The maps as a picture that can be understood without the page. */
function labelledPicture({ run, document }: Saved, view: MapView): Picture {
  const { colouring, range, equalize } = view;
  const { experiment, results, scale } = run;
  const { table, counts } = results;
  const palette = paletteOf(view.palette);
  const style = { palette, colouring, range, equalize, difference: true, side: SIDE };
  // All at once, of which ranks and ranges are made.
  const map = drawMap(heldIn(table, new TrialSource(document)), style, table.trials);
  const { activation } = experiment.model;
  const legend = { palette, colouring, rule: experiment.rule, activation };
  const ends = new Shading(results, view, scale.ends).range;
  const labelled = labelledMap(map, {
    experiment,
    rows: legendRows(legend, (state) => counts.arms.reduce((sum, arm) => sum + arm[state], 0)),
    ramp: ends && {
      name: rampWords(colouring, activation).name + (equalize ? ', by rank' : ''),
      colours: rampStops(palette, colouring),
      range: ends,
    },
  });
  return framed(map, labelled, (region) => drawLabels(labelled, region));
}
