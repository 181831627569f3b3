// npm run test:durable-order: what the system calls of `ichor serve` say, in their order; needs strace.
import { runWithTools, TRACE_TOOLS } from './test-tools.mjs';

runWithTools(TRACE_TOOLS, 'node', 'scripts/durable-order.ts');
