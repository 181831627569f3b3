// node --import: a process' last line says what it took
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const processorSeconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${JSON.stringify({ peakGb: maxRSS / 1e6, processorSeconds })}\n`);
});
