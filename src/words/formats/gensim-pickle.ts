/** What a gensim pickle may name, and numpy's arrays inside it. */
import { SemspaceError } from "../../errors.ts";
import { toRowMajor } from "../../formats/fortran-order.ts";
import { PickledName, PickledObject, type PickleValue } from "../../formats/pickle.ts";

/** Classes and functions that models of gensim name. They are never called: what is needed is taken from what they were given. */
const allowedNames = new Set([
  ...[
    "KeyedVectors",
    "Word2VecKeyedVectors",
    "EuclideanKeyedVectors",
    "FastTextKeyedVectors",
    "Doc2VecKeyedVectors",
  ].map((name) => `gensim.models.keyedvectors.${name}`),
  ...["Vocab", "CompatVocab"].map((name) => `gensim.models.keyedvectors.${name}`),
  ...["gensim.models.word2vec.Word2Vec", "gensim.models.word2vec.Vocab", "gensim.models.doc2vec.Doc2Vec"],
  ...["gensim.models.word2vec.Word2VecVocab", "gensim.models.word2vec.Word2VecTrainables"],
  ...["gensim.models.fasttext.FastText", "gensim.models.fasttext.FastTextKeyedVectors"],
  ...["gensim.models.fasttext.FastTextVocab", "gensim.models.fasttext.FastTextTrainables"],
  ...["gensim.utils.call_on_class_only", "gensim.models.deprecated.keyedvectors.KeyedVectors"],
  ...["numpy.ndarray", "numpy.dtype", "numpy.float32", "numpy.float64", "numpy.int64", "numpy.random._mt19937.MT19937"],
  ...["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"],
  ...["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "_codecs.encode"],
  ...[
    "numpy.random._pickle.__randomstate_ctor",
    "numpy.random._pickle.__bit_generator_ctor",
    "numpy.random.__RandomState_ctor",
  ],
  ...["collections.defaultdict", "collections.OrderedDict", "builtins.int", "builtins.hash", "builtins.object"],
  ...[
    "__builtin__.int",
    "__builtin__.long",
    "__builtin__.hash",
    "__builtin__.object",
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
  ],
]);

export function allowedInGensim(name: string): boolean {
  return allowedNames.has(name);
}

/** An object's attributes by name. Throws `invalid-file` for what has none. */
export function attributes(value: PickleValue, name: string): ReadonlyMap<PickleValue, PickleValue> {
  const state = value instanceof PickledObject ? value.state : undefined;
  if (state instanceof Map) return state;
  throw new SemspaceError("invalid-file", `${name} holds no model: its pickle has no attributes. Fetch it again.`);
}

export interface PickledArray {
  shape: readonly number[];
  data: Float32Array | Float64Array;
}

/** numpy's type names of the arrays that are read. */
const readers: Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  f4: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f8: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  i4: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  u4: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  i8: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
};

/**
 * A numpy array as float32 (type f4) or float64, row-major; undefined where the value is none. Throws `invalid-file` when its bytes do
 * not fill its shape, `unsupported` for another type.
 */
export function pickledArray(value: PickleValue | undefined, name: string): PickledArray | undefined {
  if (!(value instanceof PickledObject) || !value.of.endsWith(".multiarray._reconstruct")) return undefined;
  const [, shape, type, fortran, content] = Array.isArray(value.state) ? value.state : [];
  const bytes = rawBytes(content);
  const kind = typeName(type);
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && (n as number) >= 0) || !bytes) {
    throw new SemspaceError("invalid-file", `${name} has a broken numpy array. Fetch it again.`);
  }
  const reader = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (!reader) {
    const message = `${name} has a numpy array of type ${kind}. Types that are read: ${Object.keys(readers).join(", ")}.`;
    throw new SemspaceError("unsupported", message);
  }
  const sizes = shape as number[];
  const count = sizes.reduce((product, n) => product * n, 1);
  if (count * reader.bytes !== bytes.length) {
    const message = `${name} has a numpy array of ${sizes.join(" x ")} ${kind} in ${bytes.length} bytes. Fetch it again.`;
    throw new SemspaceError("invalid-file", message);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = kind === "f4" ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i += 1) data[i] = reader.read(view, i * reader.bytes);
  return { shape: sizes, data: fortran === true ? toRowMajor<typeof data>(data, data.slice(), sizes) : data };
}

/** The type inside `numpy.dtype("f4", …)`. */
function typeName(type: PickleValue | undefined): string {
  if (!(type instanceof PickledObject) || type.of !== "numpy.dtype" || !Array.isArray(type.args)) return "?";
  const [kind] = type.args;
  return typeof kind === "string" ? kind : "?";
}

/** Bytes, also as Python 2 wrote them and in the disguise of protocol 2: `_codecs.encode(text, "latin1")`. */
function rawBytes(value: PickleValue | undefined): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const encoded = value instanceof PickledObject && value.of === "_codecs.encode" ? value.args : undefined;
  const text = Array.isArray(encoded) ? encoded[0] : value;
  return typeof text === "string" ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : undefined;
}

/** Whether a value is an object of one of these classes. */
export function isObjectOf(value: PickleValue | undefined, pattern: RegExp): value is PickledObject {
  if (!(value instanceof PickledObject)) return false;
  if (pattern.test(value.of)) return true;
  // Python 2's objects are made by copy_reg._reconstructor(class, object, None).
  const made = /^copy_?reg\._reconstructor$/.test(value.of) && Array.isArray(value.args) ? value.args[0] : undefined;
  return made instanceof PickledName && pattern.test(made.name);
}
