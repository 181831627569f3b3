// npm run test:intake: what dcmtk, Orthanc, curl and a scripted sender send, held to what `ichor serve` keeps.
import { installDependencies, runOrExit } from './install.mjs';
import { INTAKE_TOOLS, installTestTools } from './test-tools.mjs';

installDependencies();
if (!installTestTools(INTAKE_TOOLS)) process.exit(1);
runOrExit('vitest', ['run', '--config', 'vitest.intake.config.ts', ...process.argv.slice(2)]);
