import { version } from '../../../package.json';
import { encodePng } from '../../experiment/png';
import { storedExperiment } from '../../experiment/stored';
import { serializeExperiment } from '../../experiment/url';
import { TrialSource } from '../../scheduler/trial_source';
import { arraysZip } from '../../view/arrays_zip';
import { drawMap } from '../../view/map_file';
import { heldIn } from '../../view/outcomes';
import { paletteOf } from '../../view/palettes';
import { trialLines } from '../../view/trials_csv';
import type { Export } from '../page/export_menu';
import { fileName, jsonFile, type PageFile } from '../page/files';
import type { MapState } from './map_state';

/** What can be saved of a sweep. The results are those of the experiment that the files hold, without any longer training. */
export function exportsOf({ page, sweep, view }: MapState): readonly Export[] {
  const { run, compute, faults } = sweep;
  const { experiment } = page.view;
  const asExperiment = run?.longer?.isShown ? ', without the longer training' : '';
  const ofRun = (ending: string, type: string, pieces: (of: Saved) => PageFile['pieces']) => {
    if (!run || !compute) return undefined;
    const { engine, adapter } = compute;
    const document = storedExperiment(run.experiment, { version, engine, adapter, faults });
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
      words: `the maps${asExperiment}; opened here it is the experiment again`,
      file: ofRun('png', 'image/png', ({ run, document }) => {
        const { palette, colouring, range, equalize } = view;
        const style = { palette: paletteOf(palette), colouring, range, equalize, difference: true };
        const { table } = run.results;
        // All at once, of which ranks and ranges are made.
        const map = drawMap(heldIn(table, new TrialSource(document)), style, table.trials);
        return encodePng(map, JSON.stringify(document));
      }),
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
