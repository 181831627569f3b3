/**
 * Runs ONNX graphs on the fastest device at hand, off the calling thread.
 *
 *     const runtime = await createRuntime();
 *     const session = await runtime.load(onnxBytes, { name: 'network' });
 *     const { probabilities } = await session.run({ hu });
 *     await runtime.close();
 */

// Opening a device

export type { RuntimeOptions } from './runtime.ts';
export { createRuntime } from './runtime.ts';
