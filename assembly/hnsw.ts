/**
 * A navigable small world graph (HNSW: Malkov and Yashunin 2018, algorithms 1, 2, 4 and 5) over int8 codes, similarity = dot product ×
 * both scales. Neighbours are chosen by the heuristic of algorithm 4, without its two extensions, as hnswlib does.
 * The caller lays the memory out (src/kernels/hnsw.ts) and tells it by `layout`. A node lies in one piece: number of its links in layer 0,
 * the links, its scale, its codes. Links of higher layers lie in slots, a node's one behind the other.
 */
let most: i32 = 0; // links of a node in a higher layer; twice as many in layer 0
let nodes: usize = 0;
let nodeStride: usize = 0;
let codesAt: usize = 0; // from the node's start
let columns: usize = 0; // a multiple of 16
let query: usize = 0; // int16, columns of them
let slotOf: usize = 0; // int32 a node: its first slot
let slots: usize = 0;
let visited: usize = 0; // uint32 a node
let allowed: usize = 0; // uint8 a node
let open: usize = 0; // heap of (similarity, node), the most similar on top
let found: usize = 0; // heap, the least similar on top
let chosen: usize = 0; // int32, neighbours that the heuristic keeps
let openSize: i32 = 0;
let foundSize: i32 = 0;
let round: u32 = 0;
let entry: i32 = -1;
let top: i32 = -1;

export function layout(
  most_: i32,
  nodes_: usize,
  nodeStride_: usize,
  codesAt_: usize,
  columns_: usize,
  query_: usize,
  slotOf_: usize,
  slots_: usize,
  visited_: usize,
  allowed_: usize,
  open_: usize,
  found_: usize,
  chosen_: usize,
): void {
  most = most_;
  nodes = nodes_;
  nodeStride = nodeStride_;
  codesAt = codesAt_;
  columns = columns_;
  query = query_;
  slotOf = slotOf_;
  slots = slots_;
  visited = visited_;
  allowed = allowed_;
  open = open_;
  found = found_;
  chosen = chosen_;
}

export function setEntry(node: i32, layer: i32): void {
  entry = node;
  top = layer;
}

export function entryNode(): i32 {
  return entry;
}

export function topLayer(): i32 {
  return top;
}

// @ts-ignore: decorator
@inline
function nodeAt(node: i32): usize {
  return nodes + (<usize>node) * nodeStride;
}

/** Where the number of links stands, the links behind it. */
// @ts-ignore: decorator
@inline
function linksAt(node: i32, layer: i32): usize {
  if (layer == 0) return nodeAt(node);
  const slot = <usize>load<i32>(slotOf + ((<usize>node) << 2)) + <usize>(layer - 1);
  return slots + slot * <usize>((most + 1) << 2);
}

// @ts-ignore: decorator
@inline
function scaleOf(node: i32): f32 {
  return load<f32>(nodeAt(node) + codesAt - 4);
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return <f32>(i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1));
}

/** The node and the int16 query. */
function likeQuery(node: i32): f32 {
  let codes = nodeAt(node) + codesAt;
  const last = codes + columns;
  let q = query;
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  for (; codes < last; codes += 16, q += 32) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(codes), v128.load(q)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(codes, 8), v128.load(q, 16)));
  }
  return sumOf(i32x4.add(a, b)) * scaleOf(node);
}

/** Two nodes. */
function alike(one: i32, other: i32): f32 {
  let x = nodeAt(one) + codesAt;
  const last = x + columns;
  let y = nodeAt(other) + codesAt;
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  for (; x < last; x += 16, y += 16) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(x), v128.load_ext<i8>(y)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(x, 8), v128.load_ext<i8>(y, 8)));
  }
  return sumOf(i32x4.add(a, b)) * scaleOf(one) * scaleOf(other);
}

// A heap of 8 bytes an item: key, node. The smallest key is on top; `open` has keys of the other sign.

function push(heap: usize, size: i32, key: f32, node: i32): void {
  let at = size;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const p = heap + ((<usize>parent) << 3);
    if (load<f32>(p) <= key) break;
    store<u64>(heap + ((<usize>at) << 3), load<u64>(p));
    at = parent;
  }
  const place = heap + ((<usize>at) << 3);
  store<f32>(place, key);
  store<i32>(place, node, 4);
}

/** Puts the item where the top was. */
function sink(heap: usize, size: i32, key: f32, node: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let c = heap + ((<usize>child) << 3);
    if (child + 1 < size && load<f32>(c, 8) < load<f32>(c)) {
      child += 1;
      c += 8;
    }
    if (load<f32>(c) >= key) break;
    store<u64>(heap + ((<usize>at) << 3), load<u64>(c));
    at = child;
  }
  const place = heap + ((<usize>at) << 3);
  store<f32>(place, key);
  store<i32>(place, node, 4);
}

/** Removes the top of a heap that now has `size` items. */
// @ts-ignore: decorator
@inline
function drop(heap: usize, size: i32): void {
  const last = heap + ((<usize>size) << 3);
  if (size > 0) sink(heap, size, load<f32>(last), load<i32>(last, 4));
}

/** The nearest node to the query by going to nearer neighbours in a layer. */
function greedy(from: i32, layer: i32): i32 {
  let best = from;
  let similarity = likeQuery(from);
  for (let moved = true; moved; ) {
    moved = false;
    const links = linksAt(best, layer);
    const count = load<i32>(links);
    for (let i = 1; i <= count; i += 1) {
      const node = load<i32>(links + ((<usize>i) << 2));
      const other = likeQuery(node);
      if (other > similarity) {
        similarity = other;
        best = node;
        moved = true;
      }
    }
  }
  return best;
}

/** Algorithm 2: leaves the `width` nearest to the query in `found`; with `masked` only nodes that are allowed. */
function searchLayer(from: i32, width: i32, layer: i32, masked: bool): void {
  round += 1;
  const first = likeQuery(from);
  store<u32>(visited + ((<usize>from) << 2), round);
  push(open, 0, -first, from);
  openSize = 1;
  foundSize = 0;
  if (!masked || load<u8>(allowed + <usize>from) != 0) {
    push(found, 0, first, from);
    foundSize = 1;
  }
  while (openSize > 0) {
    const similarity = -load<f32>(open);
    const node = load<i32>(open, 4);
    if (foundSize == width && similarity < load<f32>(found)) break;
    openSize -= 1;
    drop(open, openSize);
    const links = linksAt(node, layer);
    const count = load<i32>(links);
    for (let i = 1; i <= count; i += 1) {
      const next = load<i32>(links + ((<usize>i) << 2));
      const tag = visited + ((<usize>next) << 2);
      if (load<u32>(tag) == round) continue;
      store<u32>(tag, round);
      const other = likeQuery(next);
      if (foundSize == width && other <= load<f32>(found)) continue;
      push(open, openSize, -other, next);
      openSize += 1;
      if (masked && load<u8>(allowed + <usize>next) == 0) continue;
      if (foundSize < width) {
        push(found, foundSize, other, next);
        foundSize += 1;
      } else {
        sink(found, width, other, next);
      }
    }
  }
}

/** Sorts `found`, the most similar first. */
function sortFound(): void {
  for (let size = foundSize - 1; size > 0; size -= 1) {
    const key = load<f32>(found);
    const node = load<i32>(found, 4);
    drop(found, size);
    const last = found + ((<usize>size) << 3);
    store<f32>(last, key);
    store<i32>(last, node, 4);
  }
}

/** Algorithm 4 over the sorted `found`: a candidate is kept unless one that was kept is nearer to it than the base is. Gives how many. */
function chooseNeighbours(limit: i32, scale: f32): i32 {
  let count = 0;
  for (let i = 0; i < foundSize && count < limit; i += 1) {
    const place = found + ((<usize>i) << 3);
    const similarity = load<f32>(place) * scale;
    const node = load<i32>(place, 4);
    let keep = true;
    for (let j = 0; j < count; j += 1) {
      if (alike(node, load<i32>(chosen + ((<usize>j) << 2))) > similarity) {
        keep = false;
        break;
      }
    }
    if (!keep) continue;
    store<i32>(chosen + ((<usize>count) << 2), node);
    count += 1;
  }
  return count;
}

/** Adds a link; a node that has too many chooses anew. */
function link(from: i32, to: i32, layer: i32): void {
  const limit = layer == 0 ? most << 1 : most;
  const links = linksAt(from, layer);
  const count = load<i32>(links);
  if (count < limit) {
    store<i32>(links + ((<usize>(count + 1)) << 2), to);
    store<i32>(links, count + 1);
    return;
  }
  foundSize = 0;
  push(found, foundSize++, alike(from, to), to);
  for (let i = 1; i <= count; i += 1) {
    const node = load<i32>(links + ((<usize>i) << 2));
    push(found, foundSize, alike(from, node), node);
    foundSize += 1;
  }
  sortFound();
  const kept = chooseNeighbours(limit, 1);
  store<i32>(links, kept);
  for (let i = 0; i < kept; i += 1) store<i32>(links + ((<usize>(i + 1)) << 2), load<i32>(chosen + ((<usize>i) << 2)));
}

/** Algorithm 1. The node's scale, codes and slots are in place, its links empty, its codes are the query too; `queryScale` makes them one. */
export function insert(node: i32, layer: i32, width: i32, queryScale: f32): void {
  if (entry < 0) {
    entry = node;
    top = layer;
    return;
  }
  let from = entry;
  for (let l = top; l > layer; l -= 1) from = greedy(from, l);
  for (let l = min(top, layer); l >= 0; l -= 1) {
    searchLayer(from, width, l, false);
    sortFound();
    from = load<i32>(found, 4);
    const count = chooseNeighbours(most, queryScale);
    const links = linksAt(node, l);
    store<i32>(links, count);
    for (let i = 0; i < count; i += 1) store<i32>(links + ((<usize>(i + 1)) << 2), load<i32>(chosen + ((<usize>i) << 2)));
    for (let i = 1; i <= count; i += 1) link(load<i32>(links + ((<usize>i) << 2)), node, l);
  }
  if (layer > top) {
    entry = node;
    top = layer;
  }
}

/** Algorithm 5: the `width` nearest to the query, sorted, in `found`; gives how many. */
export function search(width: i32, masked: bool): i32 {
  if (entry < 0) return 0;
  let from = entry;
  for (let l = top; l > 0; l -= 1) from = greedy(from, l);
  searchLayer(from, width, 0, masked);
  sortFound();
  return foundSize;
}
