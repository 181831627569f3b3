// npm run test:results: what `ichor predict --dicom` writes, before validators and an archive of others.
// npm run test:ohif: the same, and the service's DICOMweb, in the viewer OHIF, which it fetches from npm (50 MB, once).
import { installDependencies, runOrExit } from './install.mjs';
import { installTestTools, RESULT_TOOLS } from './test-tools.mjs';

const [option, ...others] = process.argv.slice(2);
if (others.length > 0 || ![undefined, '--all', '--ohif'].includes(option)) {
  process.stderr.write(
    'usage: npm run test:results [-- --all], with four studies or all twelve; npm run test:ohif\n',
  );
  process.exit(2);
}

installDependencies();
if (!installTestTools(RESULT_TOOLS)) process.exit(1);
if (option === '--all') process.env.ICHOR_RESULT_STUDIES = 'all';
const FOLDER = 'test/results-in-pacs';
const files =
  option === '--ohif'
    ? [`${FOLDER}/ohif.test.ts`]
    : [`${FOLDER}/archive.test.ts`, `${FOLDER}/objects.test.ts`];
runOrExit('vitest', ['run', '--config', 'vitest.results.config.ts', ...files]);
