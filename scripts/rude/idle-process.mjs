// Does nothing and says, when its input ends, how late its own timer came (p99, ms): what the machine itself is late.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.stdin.resume().on('end', () => {
  process.stdout.write(String(delay.percentile(99) / 1e6));
  process.exit();
});
