/**
 * What a page computes with: files that a user gave, read and predicted in the browser; no byte of them leaves it.
 *
 *     const engine = await openEngine({ model, modelName: 'default.onnx', wasmFolder: 'wasm/', software });
 *     for await (const outcome of readStudies(await droppedFiles(event.dataTransfer)))
 *       if (outcome.kind === 'accepted') show(await engine.predict(outcome));
 */
import { config as zodConfig } from 'zod';
import { placeCodecs } from '../src/dicom/index.ts';
import { readModel } from '../src/network/index.ts';
import { createStudyPredictor, type Prediction, type StudyPredictor } from '../src/prediction/index.ts';
import { createWebRuntime, type WebRuntimeOptions } from '../src/runtime-web/index.ts';

export { placeCodecs } from '../src/dicom/index.ts';
export { chosenFiles, droppedFiles } from '../src/files-web/index.ts';
export { readStudies } from '../src/study/index.ts';

export interface EngineOptions extends WebRuntimeOptions {
  /** The bytes of a model file. */
  readonly model: Uint8Array;
  readonly modelName: string;
  readonly software: Prediction['software'];
}

export interface Engine extends StudyPredictor {
  readonly deviceNote: string;
}

/** Opens a model in the browser. Throws what readModel and createWebRuntime throw. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { software, wasmFolder } = options;
  const model = readModel(options.model, options.modelName);
  // It would try whether eval is allowed, and a strict policy reports the try
  zodConfig({ jitless: true });
  placeCodecs(wasmFolder);
  const runtime = await createWebRuntime(options);
  const predictor = createStudyPredictor(model, runtime, { software });
  const { deviceNote } = runtime;
  const close = (): Promise<void> => runtime.close();
  return { ...predictor, deviceNote, close, [Symbol.asyncDispose]: close };
}
