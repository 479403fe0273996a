/** The kernel of assembly/word2vec.ts in plain TypeScript and float64: what a block of ids does to the vectors, step by step. */
import type { HuffmanCodes } from "../src/words/word2vec/huffman.ts";

export interface ReferenceModel {
  dimensions: number;
  window: number;
  negative: number;
  cbow: boolean;
  divide: boolean;
  keep: Uint32Array;
  alias: Uint32Array;
  codes: HuffmanCodes | undefined;
  input: Float64Array;
  output: Float64Array;
  tree: Float64Array;
}

interface Target {
  rows: Float64Array;
  row: number;
  label: number;
}

const MASK = (1n << 64n) - 1n;

/** Gives the loss of the block and how many predictions it has made. */
export function trainReferenceBlock(
  model: ReferenceModel,
  ids: readonly number[],
  { rate, low, high }: { rate: number; low: number; high: number },
): { loss: number; losses: number } {
  let state = (BigInt(high) << 32n) | BigInt(low);
  const random = (): bigint => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  };
  const kept = ids.filter((id) => id < 0 || model.keep[id] === 0xffffffff || Number(random() >> 32n) <= model.keep[id]);
  const result = { loss: 0, losses: 0 };
  const centres: Centre[] = [];
  const train = (): void => {
    const negatives = drawNegatives(model, random);
    result.loss += trainCentres(model, centres.splice(0), { negatives, rate });
  };
  for (const [i, word] of kept.entries()) {
    if (word < 0) continue;
    const reach = 1 + Number(((random() >> 32n) * BigInt(model.window)) >> 32n);
    const context = contextOf(kept, i, reach);
    if (context.length === 0) continue;
    if (model.cbow) {
      centres.push({ word, context });
      if (centres.length === 2) train();
    } else {
      const groups = groupsOf(model, word, drawNegatives(model, random));
      result.loss += trainEach(model, context, { groups, rate });
    }
    result.losses += model.cbow ? 1 : context.length;
  }
  if (centres.length > 0) train();
  return result;
}

function contextOf(kept: readonly number[], at: number, reach: number): number[] {
  const found: number[] = [];
  for (let j = at - 1; j >= Math.max(0, at - reach) && kept[j] >= 0; j -= 1) found.push(kept[j]);
  for (let j = at + 1; j <= Math.min(kept.length - 1, at + reach) && kept[j] >= 0; j += 1) found.push(kept[j]);
  return found;
}

function drawNegatives({ negative, alias }: ReferenceModel, random: () => bigint): number[] {
  const drawn: number[] = [];
  for (let k = 0; k < negative; k += 1) {
    let id = -1;
    for (let tries = 0; tries < 8 && id < 0; tries += 1) {
      const bits = random();
      const slot = Number(((bits >> 32n) * BigInt(alias.length / 2)) >> 32n);
      const found = Number(bits & 0xffffffffn) <= alias[slot * 2] ? slot : alias[slot * 2 + 1];
      if (!drawn.includes(found)) id = found;
    }
    drawn.push(id);
  }
  return drawn;
}

function negativesOf({ negative, output }: ReferenceModel, words: number[], negatives: number[]): Target[] {
  const targets: Target[] = negative > 0 ? [{ rows: output, row: words[0], label: 1 }] : [];
  for (const id of negatives) if (id >= 0 && !words.includes(id)) targets.push({ rows: output, row: id, label: 0 });
  return targets;
}

function pathOf({ codes, tree }: ReferenceModel, word: number): Target[] {
  const steps = codes ? codes.steps.subarray(codes.starts[word], codes.starts[word + 1]) : [];
  return Array.from(steps, (step) => ({ rows: tree, row: step >> 1, label: 1 - (step & 1) }));
}

function groupsOf(model: ReferenceModel, word: number, negatives: number[]): Target[][] {
  return sixes([...negativesOf(model, [word], negatives), ...pathOf(model, word)]);
}

function sixes(targets: Target[]): Target[][] {
  return Array.from({ length: Math.ceil(targets.length / 6) }, (_, g) => targets.slice(g * 6, g * 6 + 6));
}

interface Step {
  groups: Target[][];
  rate: number;
}

function trainEach(model: ReferenceModel, context: number[], { groups, rate }: Step): number {
  const { input, dimensions: d } = model;
  let loss = 0;
  for (const group of groups) {
    for (let i = 0; i < context.length;) {
      const pair = context[i] === context[i + 1] ? [context[i]] : context.slice(i, i + 2);
      const rows = pair.map((word) => input.subarray(word * d, (word + 1) * d));
      loss += step(rows, rows, { group, rate });
      i += pair.length;
    }
  }
  return loss;
}

interface Centre {
  word: number;
  context: number[];
}

/** CBOW: two centres see the vectors as they were before either; alone, one after the other, when they are the same word. */
function trainCentres(
  model: ReferenceModel,
  centres: Centre[],
  { negatives, rate }: { negatives: number[]; rate: number },
): number {
  const alone = centres.length < 2 || centres[0].word === centres[1].word;
  const meetings = alone ? centres.map((centre) => [centre]) : [centres];
  let loss = 0;
  for (const together of meetings) {
    const means = together.map(({ context }) => meanOf(model, context));
    const errors = together.map(() => new Float64Array(model.dimensions));
    const words = together.map(({ word }) => word);
    if (together.length === 1) {
      for (const group of groupsOf(model, words[0], negatives)) loss += step(means, errors, { group, rate });
    } else {
      const own = words.map((row): Target => ({ rows: model.output, row, label: 1 }));
      for (const [i, group] of sixes(negativesOf(model, words, negatives)).entries())
        loss += step(means, errors, i === 0 ? { group: group.slice(1), rate, own } : { group, rate });
      for (const [i, word] of words.entries())
        for (const group of sixes(pathOf(model, word))) loss += step([means[i]], [errors[i]], { group, rate });
    }
    for (const [i, { context }] of together.entries()) addTo(model, context, errors[i]);
  }
  return loss;
}

function meanOf({ input, dimensions: d }: ReferenceModel, context: number[]): Float64Array {
  const mean = new Float64Array(d);
  for (const word of context) for (let k = 0; k < d; k += 1) mean[k] += input[word * d + k] / context.length;
  return mean;
}

function addTo({ input, dimensions: d, divide }: ReferenceModel, context: number[], error: Float64Array): void {
  const share = divide ? 1 / context.length : 1;
  for (const word of context) for (let k = 0; k < d; k += 1) input[word * d + k] += error[k] * share;
}

/** All products first, then all updates from the old values; `own` are targets of one row alone. */
function step(
  rows: Float64Array[],
  to: Float64Array[],
  { group, rate, own }: { group: Target[]; rate: number; own?: Target[] },
): number {
  const d = rows[0].length;
  const vectorOf = ({ rows: all, row }: Target): Float64Array => all.subarray(row * d, (row + 1) * d);
  let loss = 0;
  const meetings = rows.flatMap((row, r) =>
    [...group, ...(own ? [own[r]] : [])].map((target) => {
      const vector = vectorOf(target);
      const s = 1 / (1 + Math.exp(-row.reduce((sum, value, k) => sum + value * vector[k], 0)));
      loss -= Math.log(Math.abs(s + target.label - 1));
      return { to: to[r], vector, gradient: (target.label - s) * rate, oldRow: row.slice(), oldVector: vector.slice() };
    }),
  );
  for (const { to: result, vector, gradient, oldRow, oldVector } of meetings) {
    for (let k = 0; k < d; k += 1) {
      result[k] += gradient * oldVector[k];
      vector[k] += gradient * oldRow[k];
    }
  }
  return loss;
}
