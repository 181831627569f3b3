import { z } from 'zod';
import { foldsSchema, manifestRowSchema, patientSplitSchema } from '../src/cohort/index.ts';
import { modelCardSchema } from '../src/network/index.ts';
import { predictionSchema } from '../src/prediction/index.ts';
import { recordSchema } from '../src/service/index.ts';

const SCHEMAS = {
  'prediction.schema.json': ['What ichor predict writes of a study: prediction.json', predictionSchema],
  'outcome.schema.json': ['What became of a study: outcome.json in its folder', recordSchema],
  'manifest-row.schema.json': ['A row of a cohort manifest, as read from its CSV', manifestRowSchema],
  'folds.schema.json': ['Folds of a cross-validation by patient', foldsSchema],
  'split.schema.json': ['Training, validation and test by patient', patientSplitSchema],
  'model-card.schema.json': [
    "A model's card: JSON in the ONNX file's metadata, key ichor.card",
    modelCardSchema,
  ],
} as const;

/** File names and contents of `schemas/` (JSON Schema 2020-12). */
export function publishedSchemas(): Record<string, string> {
  const files = Object.entries(SCHEMAS).map(([name, [title, schema]]) => {
    const json = { title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
    return [name, `${JSON.stringify(json, undefined, 2)}\n`];
  });
  return Object.fromEntries(files);
}
