import { unzipSync } from 'fflate';
import { messageOf, type Tensor } from '../base/index.ts';
import { ByteCursor, unreadable } from './byte-cursor.ts';
import { ELEMENTS, type ElementForm, floatTensor, type StridedPlace } from './element-forms.ts';
import { GlobalName, readPickle } from './pickle.ts';

/** Elements that lie one after another; several tensors may share them. */
interface Storage {
  readonly key: string;
  readonly form: ElementForm;
  readonly count: number;
}

/** A tensor whose storage is named, not yet read. */
class StoredTensor {
  readonly storage: Storage;
  readonly place: StridedPlace;
  constructor(storage: Storage, place: StridedPlace) {
    this.storage = storage;
    this.place = place;
  }
}

const STORAGE_FORMS: Readonly<Record<string, ElementForm>> = {
  'torch.DoubleStorage': ELEMENTS.F64,
  'torch.FloatStorage': ELEMENTS.F32,
  'torch.HalfStorage': ELEMENTS.F16,
  'torch.BFloat16Storage': ELEMENTS.BF16,
  'torch.LongStorage': ELEMENTS.I64,
  'torch.IntStorage': ELEMENTS.I32,
};

const rebuilt = (args: readonly unknown[]): StoredTensor => {
  const [storage, offset, shape, strides] = args as [Storage, number, number[], number[]];
  return new StoredTensor(storage, { offset, shape, strides });
};

/** The only calls that the pickle of a state dict makes. */
const CALLS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  'collections.OrderedDict': () => new Map(),
  'torch._utils._rebuild_tensor': rebuilt,
  'torch._utils._rebuild_tensor_v2': rebuilt,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor,
};

/** The tensors of a state dict that `torch.save` wrote: its zip form, from PyTorch 1.6 on. */
export function readTorchZip(bytes: Uint8Array, where: string): Map<string, Tensor> {
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(bytes);
  } catch (thrown) {
    throw unreadable(where, `the zip archive in it is damaged (${messageOf(thrown)})`);
  }
  const pickle = Object.keys(entries).find((name) => name.endsWith('/data.pkl'));
  if (pickle === undefined) throw unreadable(where, 'a zip archive without data.pkl');
  const stem = pickle.slice(0, -'data.pkl'.length);
  const state = readState(new ByteCursor(entries[pickle] as Uint8Array, where));
  return tensorsOf(state, where, ({ key }) => entries[`${stem}data/${key}`]);
}

/** Storages follow after five pickles: magic number, protocol, system, the state dict, the storages' keys. */
export function readTorchPickles(bytes: Uint8Array, where: string): Map<string, Tensor> {
  const cursor = new ByteCursor(bytes, where);
  for (let header = 0; header < 3; header++) readState(cursor);
  const storages = new Map<string, Storage>();
  const state = readState(cursor, storages);
  const contents = new Map<string, Uint8Array>();
  for (const key of readState(cursor) as string[]) {
    const storage = storages.get(key);
    if (storage === undefined) throw unreadable(where, `it stores ${key}, which no tensor is made of`);
    contents.set(key, cursor.take(cursor.uint64() * storage.form.bytes));
  }
  return tensorsOf(state, where, ({ key }) => contents.get(key));
}

function readState(cursor: ByteCursor, storages?: Map<string, Storage>): unknown {
  const call = (name: string, args: readonly unknown[]): unknown => {
    const known = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
    if (known !== undefined) return known(args);
    throw unreadable(cursor.where, `it calls ${name}, which no weights need: nothing of it was executed`);
  };
  const persistent = (id: unknown): Storage => {
    const [kind, type, key, , count] = Array.isArray(id) ? (id as unknown[]) : [];
    const form = type instanceof GlobalName ? STORAGE_FORMS[type.name] : undefined;
    if (kind !== 'storage' || form === undefined) {
      const found = type instanceof GlobalName ? type.name : 'something else';
      throw unreadable(
        cursor.where,
        `it stores ${found}, where ${Object.keys(STORAGE_FORMS).join(', ')} are read`,
      );
    }
    const storage = { key: String(key), form, count: Number(count) };
    storages?.set(storage.key, storage);
    return storage;
  };
  return readPickle(cursor, { call, persistent });
}

/** The state dict itself, or the one under `state_dict` or `model`, where training scripts put it. */
function tensorsOf(
  state: unknown,
  where: string,
  contentOf: (storage: Storage) => Uint8Array | undefined,
): Map<string, Tensor> {
  if (!(state instanceof Map)) throw unreadable(where, 'it holds no state dict');
  const inner = state.get('state_dict') ?? state.get('model');
  if (inner instanceof Map) return tensorsOf(inner, where, contentOf);
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of state) {
    if (!(value instanceof StoredTensor)) continue;
    const content = contentOf(value.storage);
    if (content === undefined) throw unreadable(where, `the storage of ${name} is missing`);
    tensors.set(String(name), floatTensor(content, value.storage.form, value.place, where));
  }
  return tensors;
}
