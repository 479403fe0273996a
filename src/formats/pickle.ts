/**
 * Reads Python pickles and runs nothing: a class or function becomes an inert note of its name, and calling or building one becomes a
 * note of what it would have been called with. What the caller's list does not name is refused by name, before anything is made of it.
 * Reference: CPython's pickletools (protocols 2 to 5, without out-of-band buffers; of protocol 0 only GLOBAL).
 *
 * Python's None, bool, int, float, str, bytes, list, tuple, dict, set become null, boolean, number (bigint beyond 2^53), number, string,
 * Uint8Array, Array, Array, Map, Set; a str of Python 2 becomes a string of its bytes (Latin-1). References are kept: a list that holds itself is an array that holds itself. Nothing here calls
 * itself, so depth costs no stack, and every value costs bytes of the file, so memory is bounded by its size.
 */
import { SemspaceError } from "../errors.ts";

export type PickleValue =
  | (null | boolean | number | bigint | string | Uint8Array)
  | (PickleValue[] | Map<PickleValue, PickleValue> | Set<PickleValue>)
  | (PickledName | PickledObject | PickledReference);

/** A class or function that a pickle names. */
export class PickledName {
  /** "module.name". */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What would have been made by calling a class or function. */
export class PickledObject {
  /** "module.name" of what would have been called. */
  readonly of: string;
  readonly args: PickleValue;
  /** What `__setstate__` would have been given. */
  state: PickleValue = null;
  /** Of a subclass of list or set. */
  readonly list: PickleValue[] = [];
  /** Of a subclass of dict. */
  readonly items: Map<PickleValue, PickleValue> = new Map<PickleValue, PickleValue>();

  constructor(of: string, args: PickleValue) {
    this.of = of;
    this.args = args;
  }
}

/** What lies outside of the pickle, under an id that its writer gave (BINPERSID): PyTorch's storages. */
export class PickledReference {
  readonly id: PickleValue;

  constructor(id: PickleValue) {
    this.id = id;
  }
}

export interface PickleOptions {
  /** For messages. */
  name?: string;
  /** Whether a pickle may name this class or function ("module.name"). */
  allow: (name: string) => boolean;
}

/** Throws `invalid-file` for bytes that are no whole pickle, `unsupported` for a name outside the list or an opcode that is not read. */
export function readPickle(bytes: Uint8Array, { name = "pickle", allow }: PickleOptions): PickleValue {
  return readFirstPickle(bytes, { name, allow }).value;
}

/** As {@link readPickle} of bytes that may go on after the pickle, which ends before byte `end`. */
export function readFirstPickle(
  bytes: Uint8Array,
  { name = "pickle", allow }: PickleOptions,
): { value: PickleValue; end: number } {
  return new Unpickler(bytes, name, allow).run();
}

/** Most digits of a whole number, in bytes. */
const LONGEST_INTEGER = 1024;

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #allow: (name: string) => boolean;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;
  #stack: PickleValue[] = [];
  /** The stacks below each MARK. */
  readonly #below: PickleValue[][] = [];

  constructor(bytes: Uint8Array, name: string, allow: (name: string) => boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#allow = allow;
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const code = this.#bytes[this.#take(1)];
      if (code === 0x2e) return { value: this.#pop(), end: this.#at }; // STOP
      const value = this.#read(code);
      if (value !== undefined) this.#stack.push(value);
    }
  }

  /** Does one opcode; gives the value that it puts on the stack, undefined when it has put it there or puts none. */
  #read(code: number): PickleValue | undefined {
    switch (code) {
      case 0x4e: // NONE
        this.#stack.push(null);
        return undefined;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.#bytes[this.#take(1)];
      case 0x4d: // BININT2
        return this.#view.getUint16(this.#take(2), true);
      case 0x4a: // BININT
        return this.#view.getInt32(this.#take(4), true);
      case 0x8a: // LONG1
        return this.#integer(this.#bytes[this.#take(1)]);
      case 0x8b: // LONG4
        return this.#integer(this.#view.getInt32(this.#take(4), true));
      case 0x47: // BINFLOAT
        return this.#view.getFloat64(this.#take(8), false);
      case 0x8c: // SHORT_BINUNICODE
        return this.#text(this.#bytes[this.#take(1)]);
      case 0x58: // BINUNICODE
        return this.#text(this.#length4());
      case 0x8d: // BINUNICODE8
        return this.#text(this.#length8());
      case 0x43: // SHORT_BINBYTES
        return this.#raw(this.#bytes[this.#take(1)]);
      case 0x42: // BINBYTES
        return this.#raw(this.#length4());
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.#raw(this.#length8());
      case 0x55: // SHORT_BINSTRING
        return latin1(this.#raw(this.#bytes[this.#take(1)]));
      case 0x54: // BINSTRING
        return latin1(this.#raw(this.#length4()));
      case 0x68: // BINGET
        return this.#recall(this.#bytes[this.#take(1)]);
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#length4());
      default:
        return this.#collection(code);
    }
  }

  #collection(code: number): PickleValue | undefined {
    switch (code) {
      case 0x80: // PROTO
        return this.#protocol(this.#bytes[this.#take(1)]);
      case 0x95: // FRAME
        this.#checkFrame(this.#length8());
        return undefined;
      case 0x28: // MARK
        this.#below.push(this.#stack);
        this.#stack = [];
        return undefined;
      case 0x30: // POP
        this.#pop();
        return undefined;
      case 0x31: // POP_MARK
        this.#popMark();
        return undefined;
      case 0x32: // DUP
        return this.#top();
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        return undefined;
      case 0x71: // BINPUT
        this.#memo.set(this.#bytes[this.#take(1)], this.#top());
        return undefined;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#length4(), this.#top());
        return undefined;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x7d: // EMPTY_DICT
        return new Map<PickleValue, PickleValue>();
      case 0x8f: // EMPTY_SET
        return new Set<PickleValue>();
      case 0x85: // TUPLE1
        return [this.#pop()];
      case 0x86: // TUPLE2
        return this.#popMany(2);
      case 0x87: // TUPLE3
        return this.#popMany(3);
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return this.#popMark();
      case 0x64: // DICT
        return new Map(this.#pairs(this.#popMark()));
      case 0x91: // FROZENSET
        return new Set(this.#popMark());
      default:
        return this.#filling(code);
    }
  }

  #filling(code: number): PickleValue | undefined {
    switch (code) {
      case 0x61: // APPEND
        this.#append([this.#pop()]);
        return undefined;
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        this.#append(this.#popMark());
        return undefined;
      case 0x73: // SETITEM
        this.#setItems(this.#popMany(2));
        return undefined;
      case 0x75: // SETITEMS
        this.#setItems(this.#popMark());
        return undefined;
      case 0x63: // GLOBAL
        return this.#named(this.#line(), this.#line());
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.#popMany(2);
        return this.#named(module, name);
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callee, args] = this.#popMany(2);
        return this.#called(callee, args);
      }
      case 0x92: {
        // NEWOBJ_EX
        const [callee, args, keywords] = this.#popMany(3);
        return this.#called(callee, [args, keywords]);
      }
      case 0x51: // BINPERSID
        return new PickledReference(this.#pop());
      case 0x62: // BUILD
        this.#build();
        return undefined;
      default:
        return this.#refuse(code);
    }
  }

  #refuse(code: number): never {
    const message = `${this.#name}, byte ${this.#at - 1}: opcode 0x${code.toString(16)} is not read. Save it again with Python's pickle protocol 2 to 5.`;
    throw new SemspaceError("unsupported", message);
  }

  #protocol(version: number): undefined {
    if (version >= 2 && version <= 5) return;
    throw new SemspaceError("unsupported", `${this.#name} has pickle protocol ${version}; 2 to 5 are read.`);
  }

  /** The place of the next `length` bytes, checked before anything is made of them. */
  #take(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#bytes.length) {
      throw this.#broken(`${length} bytes are needed, ${this.#bytes.length - start} are left`);
    }
    this.#at = start + length;
    return start;
  }

  #length4(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #length8(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  #checkFrame(length: number): void {
    if (length > this.#bytes.length - this.#at) throw this.#broken(`a frame of ${length} bytes does not fit`);
  }

  #raw(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #text(length: number): string {
    return this.#decoder.decode(this.#raw(length));
  }

  /** A line of a GLOBAL. */
  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw this.#broken("a name has no end");
    const line = this.#text(end - this.#at);
    this.#take(1);
    return line;
  }

  /** Two's complement, little endian. */
  #integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) throw this.#broken(`a whole number of ${length} bytes`);
    const digits = this.#raw(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i -= 1) value = value * 256n + BigInt(digits[i]);
    if (length > 0 && digits[length - 1] > 127) value -= 1n << BigInt(8 * length);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #recall(place: number): undefined {
    const value = this.#memo.get(place);
    if (value === undefined) throw this.#broken(`place ${place} of the memo is empty`);
    this.#stack.push(value);
  }

  #top(): PickleValue {
    if (this.#stack.length === 0) throw this.#broken("its stack is empty");
    return this.#stack.at(-1)!;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#broken("its stack is empty");
    return this.#stack.splice(-count);
  }

  #popMark(): PickleValue[] {
    const values = this.#stack;
    const below = this.#below.pop();
    if (!below) throw this.#broken("it ends a group that was not begun");
    this.#stack = below;
    return values;
  }

  #pairs(values: PickleValue[]): [PickleValue, PickleValue][] {
    if (values.length % 2 !== 0) throw this.#broken("a dictionary has a key without a value");
    return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]]);
  }

  #append(values: PickleValue[]): void {
    const target = this.#top();
    if (target instanceof Set) for (const value of values) target.add(value);
    else if (Array.isArray(target)) for (const value of values) target.push(value);
    else if (target instanceof PickledObject) for (const value of values) target.list.push(value);
    else throw this.#broken("it appends to what is no list");
  }

  #setItems(values: PickleValue[]): void {
    const target = this.#top();
    const map = target instanceof PickledObject ? target.items : target;
    if (!(map instanceof Map)) throw this.#broken("it sets items of what is no dictionary");
    for (const [key, value] of this.#pairs(values)) map.set(key, value);
  }

  #named(module: PickleValue, name: PickleValue): PickledName {
    if (typeof module !== "string" || typeof name !== "string") throw this.#broken("a name is no text");
    const full = `${module}.${name}`;
    if (this.#allow(full)) return new PickledName(full);
    const message = `${this.#name} names ${full}, which is not among what is read from it. It may not be what it seems; nothing was run.`;
    throw new SemspaceError("unsupported", message);
  }

  #called(callee: PickleValue, args: PickleValue): PickledObject {
    if (callee instanceof PickledName) return new PickledObject(callee.name, args);
    throw this.#broken("it calls what is no class or function");
  }

  #build(): void {
    const state = this.#pop();
    const target = this.#top();
    if (!(target instanceof PickledObject)) throw this.#broken("it gives a state to what is no object");
    target.state = state;
  }

  #broken(what: string): SemspaceError {
    return new SemspaceError("invalid-file", `Broken pickle ${this.#name}, byte ${this.#at}: ${what}. Fetch it again.`);
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}
