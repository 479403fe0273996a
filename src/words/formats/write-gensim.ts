/**
 * Writes what `gensim.models.KeyedVectors.load` reads: a pickle (protocol 4) of the object's attributes, and the vectors as
 * `NAME.vectors.npy` beside it, as gensim keeps large arrays.
 */
import { npyHeader } from "../../formats/npy.ts";
import type { WordVectors } from "../word-vectors.ts";

const code = {
  none: 0x4e,
  mark: 0x28,
  dict: 0x7d,
  list: 0x5d,
  tuple: 0x74,
  items: 0x75,
  appends: 0x65,
  global: 0x63,
} as const;

/** The two files by name, in pieces. */
export function gensimFiles(vectors: WordVectors, name: string): Record<string, Iterable<Uint8Array>> {
  const { data, rows, columns } = vectors.vectors;
  return {
    [name]: picklePieces(vectors),
    [`${name}.vectors.npy`]: [
      npyHeader("<f4", [rows, columns]),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ],
  };
}

function* picklePieces({ words, dimensions, counts }: WordVectors): Generator<Uint8Array> {
  const out = new PickleWriter();
  out.opcode(0x80, 4).global("gensim.models.keyedvectors", "KeyedVectors");
  out.opcode(0x29, 0x81, code.dict, code.mark); // KeyedVectors.__new__(), then its attributes
  out.text("vector_size").integer(dimensions);
  out.text("index_to_key").opcode(code.list, code.mark);
  for (const word of words) {
    out.text(word).opcode(0x94); // the memo's place i is word i
    if (out.length > 1 << 18) yield out.take();
  }
  out.opcode(code.appends).text("key_to_index").opcode(code.dict, code.mark);
  for (let i = 0; i < words.length; i += 1) {
    out.opcode(0x6a).uint32(i).integer(i);
    if (out.length > 1 << 18) yield out.take();
  }
  out.opcode(code.items).text("next_index").integer(words.length).text("norms").opcode(code.none);
  out.text("expandos").opcode(code.dict);
  if (counts) out.opcode(code.mark).text("count").int64Array(counts).opcode(code.items);
  out.text("mapfile_path").opcode(code.none).text("lifecycle_events").opcode(code.list);
  for (const [key, attributes] of [
    ["__numpys", ["vectors"]],
    ["__scipys", []],
    ["__ignoreds", []],
    ["__recursive_saveloads", []],
  ] as const) {
    out.text(key).opcode(code.list, code.mark);
    for (const attribute of attributes) out.text(attribute);
    out.opcode(code.appends);
  }
  out.opcode(code.items, 0x62, 0x2e);
  yield out.take();
}

/** Opcodes into a growing array. */
class PickleWriter {
  length = 0;
  #bytes = new Uint8Array(1 << 19);
  readonly #encoder = new TextEncoder();

  take(): Uint8Array {
    const piece = this.#bytes.slice(0, this.length);
    this.length = 0;
    return piece;
  }

  opcode(...codes: number[]): this {
    this.#append(Uint8Array.from(codes));
    return this;
  }

  uint32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.#append(bytes);
    return this;
  }

  integer(value: number): this {
    return this.opcode(0x4a).uint32(value);
  }

  text(value: string): this {
    const bytes = this.#encoder.encode(value);
    this.opcode(0x58).uint32(bytes.length);
    this.#append(bytes);
    return this;
  }

  global(module: string, name: string): this {
    this.opcode(code.global);
    this.#append(this.#encoder.encode(`${module}\n${name}\n`));
    return this;
  }

  /** A numpy array of int64; the old module's name is known to every numpy. */
  int64Array(values: ArrayLike<number>): this {
    const bytes = new Uint8Array(BigInt64Array.from(Array.from(values, (value) => BigInt(Math.round(value)))).buffer);
    this.global("numpy.core.multiarray", "_reconstruct").opcode(code.mark).global("numpy", "ndarray");
    this.integer(0).opcode(0x85, 0x43, 1, 0x62, code.tuple, 0x52); // _reconstruct(ndarray, (0,), b"b")
    this.opcode(code.mark).integer(1).integer(values.length).opcode(0x85);
    this.global("numpy", "dtype").opcode(code.mark).text("i8").opcode(0x89, 0x88, code.tuple, 0x52);
    this.opcode(code.mark).integer(3).text("<").opcode(code.none, code.none, code.none);
    this.integer(-1).integer(-1).integer(0).opcode(code.tuple, 0x62);
    this.opcode(0x89, 0x42).uint32(bytes.length);
    this.#append(bytes);
    return this.opcode(code.tuple, 0x62);
  }

  #append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array((this.length + bytes.length) * 2);
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}
