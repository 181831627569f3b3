import type { Tensor } from '../base/index.ts';
import { readOnnx } from '../graph/index.ts';
import { readSafetensors } from './safetensors.ts';
import { readTorchPickles, readTorchZip } from './torch-file.ts';

type Reader = (bytes: Uint8Array, where: string) => Map<string, Tensor>;

/** Forms by how they begin; ONNX, which begins with nothing of its own, comes last. */
const FORMS: readonly { begins(bytes: Uint8Array): boolean; read: Reader }[] = [
  { begins: (b) => b[0] === 0x50 && b[1] === 0x4b, read: readTorchZip },
  { begins: (b) => b[0] === 0x80 && b[1] === 2, read: readTorchPickles },
  { begins: (b) => b[8] === 0x7b, read: readSafetensors },
  { begins: () => true, read: readOnnxTensors },
];

/**
 * Named float32 tensors from a file of PyTorch (both forms of `torch.save`), safetensors or ONNX. Nothing in it is
 * executed. Throws RefusedInput `weights-file-unreadable`, IchorError `onnx-unreadable`.
 * @param where the file's name, for errors
 */
export function readTensors(bytes: Uint8Array, where: string): ReadonlyMap<string, Tensor> {
  const form = FORMS.find(({ begins }) => begins(bytes));
  return (form?.read ?? readOnnxTensors)(bytes, where);
}

function readOnnxTensors(bytes: Uint8Array): Map<string, Tensor> {
  const onnx = readOnnx(bytes);
  return new Map(
    onnx.initialiserNames.flatMap((name): [string, Tensor][] => {
      const tensor = onnx.initialiser(name);
      return tensor?.element === 'float32' ? [[name, tensor]] : [];
    }),
  );
}
