// npm run test:database: the index and the jobs in a database, embedded and on a PostgreSQL that the tests start themselves.
import { installDependencies, runOrExit } from './install.mjs';
import { DATABASE_TOOLS, installTestTools } from './test-tools.mjs';

installDependencies();
if (!installTestTools(DATABASE_TOOLS)) process.exit(1);
runOrExit('vitest', ['run', '--config', 'vitest.database.config.ts', ...process.argv.slice(2)]);
