// npm run test:database: the index and the jobs in a database, embedded and on a PostgreSQL that the tests start themselves.
import { DATABASE_TOOLS, runWithTools } from './test-tools.mjs';

runWithTools(DATABASE_TOOLS, 'vitest', 'run', '--config', 'vitest.database.config.ts');
