// npm run test:durable-order: what the system calls of `ichor serve` say, in their order; needs strace.
import { installDependencies, runOrExit } from './install.mjs';
import { installTestTools, TRACE_TOOLS } from './test-tools.mjs';

installDependencies();
if (!installTestTools(TRACE_TOOLS)) process.exit(1);
runOrExit('node', ['scripts/durable-order.ts', ...process.argv.slice(2)]);
