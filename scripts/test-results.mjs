// npm run test:results: what `ichor predict --dicom` writes, before validators, an archive and a viewer of others.
import { installDependencies, runOrExit } from './install.mjs';
import { installTestTools, RESULT_TOOLS } from './test-tools.mjs';

const [option, ...others] = process.argv.slice(2);
if (others.length > 0 || (option !== undefined && option !== '--all')) {
  process.stderr.write('usage: npm run test:results [-- --all], with four studies or all twelve\n');
  process.exit(2);
}

installDependencies();
if (!installTestTools(RESULT_TOOLS)) process.exit(1);
if (option === '--all') process.env.ICHOR_RESULT_STUDIES = 'all';
runOrExit('vitest', ['run', '--config', 'vitest.results.config.ts']);
