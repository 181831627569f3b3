// npm run test:intake: what dcmtk, Orthanc, curl and a scripted sender send, held to what `ichor serve` keeps.
import { INTAKE_TOOLS, runWithTools } from './test-tools.mjs';

runWithTools(INTAKE_TOOLS, 'vitest', 'run', '--config', 'vitest.intake.config.ts');
