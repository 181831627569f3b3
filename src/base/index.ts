// Reading by index, checked; the largest of many

export type { NonEmpty } from './at.ts';
export { at, firstOf, nonEmpty } from './at.ts';
export { dot } from './dot.ts';
export { largestOf, smallestOf } from './largest.ts';

// Bytes as text

export { base64, fromBase64 } from './base64.ts';

// The two ends of a computing thread, in Node and in a browser

export type {
  Asked as ComputeAsked,
  ChosenDevice,
  ComputeSettings,
  Reply as ComputeReply,
  Tensors as ComputeTensors,
} from './computing/messages.ts';
export { nativePorts, runNative } from './computing/native-session.ts';
export { closedRuntime, OpenQuestions } from './computing/open-questions.ts';
export type { ComputeThread } from './computing/runtime-on.ts';
export { runtimeOn } from './computing/runtime-on.ts';
export type { Kernels } from './computing/serve.ts';
export { serveKernels } from './computing/serve.ts';
export { bestMilliseconds, TRIAL_GRAPH, trialFeeds } from './computing/trial-graph.ts';

// CSV: written with one policy against formulas

export type { CsvCell } from './csv.ts';
export { csvText, plainCell } from './csv.ts';

// Errors: what stopped us, and the exit code it means

export {
  codeOf,
  EXIT_CODE,
  errnoOf,
  IchorError,
  messageOf,
  RefusedInput,
  throwIfAborted,
  UsageError,
} from './errors.ts';

// Text from files, safe on a terminal and in a log

export { plainText } from './plain-text.ts';

// What a page fetches beside its bundle

export { fetchPart } from './fetch-part.ts';

// The six classes: any hemorrhage and its five subtypes

export type { HemorrhageClass, HemorrhageName, HemorrhageSubtypeName } from './hemorrhage.ts';
export {
  ANY_HEMORRHAGE,
  HEMORRHAGE_CLASSES,
  HEMORRHAGE_SUBTYPE_NAMES,
  HEMORRHAGE_SUBTYPES,
  ofClasses,
  ofSubtypes,
} from './hemorrhage.ts';

// Bytes

export { joinBytes, joinFloats } from './join-arrays.ts';
export { isPartOfBuffer } from './part-of-buffer.ts';

// Work done by several at once

export { inLanes } from './lanes.ts';

// The manifest of labelled studies

export type { HemorrhageLabels, ManifestRow } from './manifest.ts';
export { MANIFEST_COLUMNS, writeManifest } from './manifest.ts';

// Recalibrated probabilities

export { LOGIT_MARGIN, logitOf, recalibrate } from './recalibrate.ts';

// SHA-256

export { sha256 } from './sha256.ts';

// The notice of research use

export { RESEARCH_USE } from './notice.ts';

// Progress events

export type { ProgressEvent, ProgressListener } from './progress.ts';

// Seeded random numbers

export type { Random } from './random.ts';
export { createRandom, hash32 } from './random.ts';

// What runs graphs, as rooms see it; the real one is in runtime/

export type {
  DeviceName,
  ElementArrays,
  ElementType,
  LoadOptions,
  RunOptions,
  Runtime,
  Session,
  Tensor,
  TensorPort,
} from './runtime-types.ts';

// Tensors that cross threads without a copy

export { floatsOf, sharedTensor } from './shared-tensor.ts';

// A file of a study, as rooms see it; the real ones are in files/

export type { StudyFile } from './study-file.ts';
export { isDicomdir, pathOnDisc, studyFileOf } from './study-file.ts';

// What is refused before memory is spent: large files, bombs

export { FILE_LIMITS, sizeText } from './file-limits.ts';
export { UNPACKING } from './unpacking.ts';
export type { ZipEntryFacts } from './zip-rules.ts';
export { freeName, isZip, refuseCount, refuseTooLarge, refuseZip, zipMethodRefusal } from './zip-rules.ts';
