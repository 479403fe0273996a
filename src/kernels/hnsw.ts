/** A graph of neighbours in a WASM memory of its own (assembly/hnsw.ts): codes are added, the nodes nearest to a query found. */
import { SemspaceError } from "../errors.ts";
import { bytesOfBase64 } from "./base64.ts";
import { hnswCode } from "./hnsw-code.ts";

export interface GraphOptions {
  /** Links of a node in the higher layers, twice as many in the lowest. Default 16. */
  links?: number | undefined;
  /** Candidates among which a new node's links are chosen. Default 200. */
  buildWidth?: number | undefined;
  /** 0 ≤ x < 1, for the layers that nodes reach. */
  random: () => number;
}

/** What is saved; the codes are not in it. */
export interface GraphLinks {
  links: number;
  entry: number;
  top: number;
  /** [nodes, 1 + 2 × links]: how many links in the lowest layer, then the links. */
  lowest: Int32Array;
  /** The first slot of each node. */
  slotOf: Int32Array;
  /** [slots, 1 + links]: as `lowest`, a layer of a node each. */
  slots: Int32Array;
}

interface Exports {
  layout(...places: number[]): void;
  setEntry(node: number, layer: number): void;
  entryNode(): number;
  topLayer(): number;
  insert(node: number, layer: number, width: number, queryScale: number): void;
  search(width: number, masked: number): number;
}

interface Places {
  capacity: number;
  slotCapacity: number;
  query: number;
  chosen: number;
  found: number;
  open: number;
  visited: number;
  allowed: number;
  slotOf: number;
  slots: number;
  nodes: number;
  end: number;
}

const PAGE = 65_536;
const LARGEST_MEMORY = 65_536 * PAGE;
/** Most nodes that one search looks for. */
export const WIDEST = 8192;
const MOST_LAYERS = 16;

export class NeighbourGraph {
  readonly dimensions: number;
  readonly #links: number;
  readonly #buildWidth: number;
  readonly #random: () => number;
  readonly #columns: number;
  readonly #codesAt: number;
  readonly #stride: number;
  #size = 0;
  #slotCount = 0;
  #memory: WebAssembly.Memory;
  #places: Places;
  #kernel: Exports;

  /** Throws `unavailable` where this runtime has no WASM SIMD, or no memory. */
  constructor(dimensions: number, { links = 16, buildWidth = 200, random }: GraphOptions) {
    this.dimensions = dimensions;
    this.#links = links;
    this.#buildWidth = Math.min(buildWidth, WIDEST);
    this.#random = random;
    this.#columns = align(Math.max(1, dimensions));
    this.#codesAt = align(4 + 8 * links + 4);
    this.#stride = this.#codesAt + this.#columns;
    this.#places = this.#placesFor(1024);
    [this.#memory, this.#kernel] = this.#allocate();
  }

  /** Nodes in the graph. */
  get size(): number {
    return this.#size;
  }

  /** Adds node `size` with its codes; their product with `scale` has about the length 1. */
  add(codes: Int8Array, scale: number): void {
    const layer = Math.min(MOST_LAYERS, Math.floor(-Math.log(1 - this.#random()) / Math.log(this.#links)));
    const node = this.#place(codes, scale, layer);
    new Int16Array(this.#memory.buffer, this.#places.query, this.#columns).fill(0).set(codes);
    this.#kernel.insert(node, layer, this.#buildWidth, scale);
  }

  /** The `width` nodes nearest to the int16 numbers, as far as `allowed` (1 a node) lets them be found; nearest first. */
  search(numbers: Int16Array, width: number, allowed?: Uint8Array): Int32Array {
    const { query, found, allowed: mask } = this.#places;
    new Int16Array(this.#memory.buffer, query, this.#columns).fill(0).set(numbers);
    if (allowed) new Uint8Array(this.#memory.buffer, mask, this.#size).set(allowed.subarray(0, this.#size));
    const count = this.#kernel.search(Math.min(width, WIDEST), allowed ? 1 : 0);
    const items = new Int32Array(this.#memory.buffer, found, count * 2);
    return Int32Array.from({ length: count }, (_, i) => items[2 * i + 1]);
  }

  save(): GraphLinks {
    const { buffer } = this.#memory;
    const width = 1 + 2 * this.#links;
    const lowest = new Int32Array(this.#size * width);
    for (let node = 0; node < this.#size; node += 1)
      lowest.set(new Int32Array(buffer, this.#places.nodes + node * this.#stride, width), node * width);
    return {
      links: this.#links,
      entry: this.#kernel.entryNode(),
      top: this.#kernel.topLayer(),
      lowest,
      slotOf: new Int32Array(buffer, this.#places.slotOf, this.#size).slice(),
      slots: new Int32Array(buffer, this.#places.slots, this.#slotCount * (1 + this.#links)).slice(),
    };
  }

  /** A graph that was saved, with the codes of its nodes. Throws `invalid-file` for links that lead nowhere. */
  static load(
    dimensions: number,
    saved: GraphLinks,
    { codesOf, ...options }: GraphOptions & { codesOf: (node: number) => { codes: Int8Array; scale: number } },
  ): NeighbourGraph {
    checkLinks(saved);
    const graph = new NeighbourGraph(dimensions, { ...options, links: saved.links });
    const count = saved.slotOf.length;
    graph.#reserve(count, saved.slots.length / (1 + saved.links));
    const width = 1 + 2 * saved.links;
    const { buffer } = graph.#memory;
    const { nodes, slotOf, slots } = graph.#places;
    for (let node = 0; node < count; node += 1) {
      const { codes, scale } = codesOf(node);
      graph.#write(node, codes, scale);
      new Int32Array(buffer, nodes + node * graph.#stride, width).set(
        saved.lowest.subarray(node * width, (node + 1) * width),
      );
    }
    new Int32Array(buffer, slotOf, count).set(saved.slotOf);
    new Int32Array(buffer, slots, saved.slots.length).set(saved.slots);
    graph.#size = count;
    graph.#slotCount = saved.slots.length / (1 + saved.links);
    graph.#kernel.setEntry(saved.entry, saved.top);
    return graph;
  }

  #place(codes: Int8Array, scale: number, layer: number): number {
    this.#reserve(this.#size + 1, this.#slotCount + layer);
    const node = this.#size;
    this.#write(node, codes, scale);
    const { buffer } = this.#memory;
    const { nodes, slotOf, slots } = this.#places;
    new Int32Array(buffer, nodes + node * this.#stride, 1)[0] = 0;
    new Int32Array(buffer, slotOf + node * 4, 1)[0] = this.#slotCount;
    const width = (1 + this.#links) * 4;
    for (let l = 0; l < layer; l += 1) new Int32Array(buffer, slots + (this.#slotCount + l) * width, 1)[0] = 0;
    this.#slotCount += layer;
    this.#size += 1;
    return node;
  }

  #write(node: number, codes: Int8Array, scale: number): void {
    const at = this.#places.nodes + node * this.#stride + this.#codesAt;
    new Float32Array(this.#memory.buffer, at - 4, 1)[0] = scale;
    new Int8Array(this.#memory.buffer, at, codes.length).set(codes);
  }

  /** Twice the room, in a new memory, when a node or a slot more does not fit. */
  #reserve(nodes: number, slots: number): void {
    const old = { places: this.#places, memory: this.#memory, kernel: this.#kernel };
    let { capacity } = old.places;
    while (capacity < nodes || slotsOf(capacity) < slots) capacity *= 2;
    if (capacity === old.places.capacity) return;
    this.#places = this.#placesFor(capacity);
    [this.#memory, this.#kernel] = this.#allocate();
    const copy = (from: number, to: number, bytes: number): void =>
      new Uint8Array(this.#memory.buffer).set(new Uint8Array(old.memory.buffer, from, bytes), to);
    copy(old.places.slotOf, this.#places.slotOf, this.#size * 4);
    copy(old.places.slots, this.#places.slots, this.#slotCount * (1 + this.#links) * 4);
    copy(old.places.nodes, this.#places.nodes, this.#size * this.#stride);
    this.#kernel.setEntry(old.kernel.entryNode(), old.kernel.topLayer());
  }

  #placesFor(capacity: number): Places {
    const slotCapacity = slotsOf(capacity);
    const query = 64;
    const chosen = query + this.#columns * 2;
    const found = align(chosen + 4 * (2 * this.#links + 2));
    const open = found + 8 * (WIDEST + 2 * this.#links + 2);
    const visited = open + 8 * capacity;
    const allowed = visited + 4 * capacity;
    const slotOf = align(allowed + capacity);
    const slots = slotOf + 4 * capacity;
    const nodes = align(slots + slotCapacity * (1 + this.#links) * 4);
    const end = nodes + capacity * this.#stride;
    return {
      ...{ capacity, slotCapacity, query, chosen, found, open, visited },
      ...{ allowed, slotOf, slots, nodes, end },
    };
  }

  #allocate(): [WebAssembly.Memory, Exports] {
    const { end, query, slotOf, slots, visited, allowed, open, found, chosen, nodes } = this.#places;
    const code = bytesOfBase64(hnswCode);
    if (!WebAssembly.validate(code))
      throw new SemspaceError("unavailable", "A graph of neighbours needs WebAssembly SIMD. Use graph: false.");
    let memory: WebAssembly.Memory;
    try {
      if (end > LARGEST_MEMORY) throw new RangeError("beyond 4 GB");
      memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
    } catch (cause) {
      throw new SemspaceError("unavailable", `No memory for a graph of ${end} bytes. Use graph: false.`, { cause });
    }
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
    const kernel = instance.exports as unknown as Exports;
    const [links, stride] = [this.#links, this.#stride];
    kernel.layout(
      links,
      nodes,
      stride,
      this.#codesAt,
      this.#columns,
      query,
      slotOf,
      slots,
      visited,
      allowed,
      open,
      found,
      chosen,
    );
    return [memory, kernel];
  }
}

/** Of `capacity` nodes one in `links` reaches the next layer; with 16 links 1 of 15 slots a node, so an eighth is enough. */
function slotsOf(capacity: number): number {
  return (capacity >> 1) + 64;
}

function checkLinks({ links, entry, top, lowest, slotOf, slots }: GraphLinks): void {
  const nodes = slotOf.length;
  const slotCount = slots.length / (1 + links);
  const sound =
    lowest.length === nodes * (1 + 2 * links) &&
    Number.isInteger(slotCount) &&
    (nodes === 0 ? entry < 0 : entry >= 0 && entry < nodes) &&
    areLinks(lowest, 2 * links, nodes) &&
    areLinks(slots, links, nodes) &&
    slotOf.every((slot, node) => slot >= 0 && slot <= (slotOf[node + 1] ?? slotCount)) &&
    (nodes === 0 || top <= (slotOf[entry + 1] ?? slotCount) - slotOf[entry]);
  if (!sound)
    throw new SemspaceError("invalid-file", "The links of the graph of neighbours lead nowhere. Make the index again.");
}

function areLinks(table: Int32Array, links: number, nodes: number): boolean {
  for (let at = 0; at < table.length; at += 1 + links) {
    const count = table[at];
    if (count < 0 || count > links) return false;
    for (let i = 1; i <= count; i += 1) if (table[at + i] < 0 || table[at + i] >= nodes) return false;
  }
  return true;
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
