import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packageRoot = new URL('../..', import.meta.url);

/** The bundled model file, in the checkout and in the installed package alike. */
export const DEFAULT_MODEL_PATH = fileURLToPath(new URL('models/default.onnx', packageRoot));

export function softwareVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
  };
  return version;
}
