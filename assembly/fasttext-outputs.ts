/** The output side of fastText for one hidden vector: each loss adds to the error and moves the rows of the outputs. */
import {
  ALIAS,
  ERROR,
  GROUPS,
  HIDDEN,
  HIERARCHICAL,
  LIKELY,
  LOSS,
  NEGATIVE,
  NOTHING,
  OUTPUT,
  OUTPUTS,
  PATHS,
  RANDOM,
  ROW_BYTES,
  SOFTMAX,
  STEPS,
} from "./fasttext-places";
import { softmax } from "./fasttext-softmax";
import { drawAlias } from "./sampling";
import { fillGroup, GROUP, putTarget, stepOne } from "./six-targets";

/** One right output for the hidden vector: adds to the error and moves the outputs. */
export function learn(p: usize, target: i32, rate: f32): void {
  const loss = load<i32>(p, LOSS);
  if (loss == SOFTMAX) {
    softmax(p, target, rate);
    return;
  }
  if (loss == HIERARCHICAL) {
    trainGroups(p, layPath(p, target), rate);
    return;
  }
  trainGroups(p, layTargets(p, target), rate);
}

/** Lays out the right output and the negatives; one that is the right output is drawn again, twice at most. */
function layTargets(p: usize, target: i32): i32 {
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  const negative = load<i32>(p, NEGATIVE);
  const alias = load<usize>(p, ALIAS);
  const outputs = load<u32>(p, OUTPUTS);
  putTarget(groups, 0, output + <usize>target * bytes, 1, 1);
  let slot = 1;
  for (let k = 0; k < negative; k += 1) {
    let id = drawAlias(p + RANDOM, alias, outputs);
    for (let tries = 0; tries < 2 && id == target; tries += 1) id = drawAlias(p + RANDOM, alias, outputs);
    if (id == target) continue;
    putTarget(groups, slot, output + <usize>id * bytes, 0, 1);
    slot += 1;
  }
  return fillGroup(groups, slot, load<usize>(p, NOTHING));
}

/** Lays out the nodes on the way from an output to the root of the tree. */
function layPath(p: usize, target: i32): i32 {
  const paths = load<usize>(p, PATHS) + ((<usize>target) << 2);
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  const steps = load<usize>(p, STEPS);
  const end = load<u32>(paths, 4);
  let slot = 0;
  for (let i = load<u32>(paths); i < end; i += 1) {
    const step = load<u32>(steps + ((<usize>i) << 2));
    putTarget(groups, slot, output + <usize>(step >> 1) * bytes, <f32>(step & 1), 1);
    slot += 1;
  }
  return fillGroup(groups, slot, load<usize>(p, NOTHING));
}

/** Every output is a question of its own. */
export function oneVersusAll(p: usize, labels: usize, count: i32, rate: f32): void {
  const outputs = load<i32>(p, OUTPUTS);
  const output = load<usize>(p, OUTPUT);
  const bytes = load<usize>(p, ROW_BYTES);
  const groups = load<usize>(p, GROUPS);
  for (let from = 0; from < outputs; from += 6) {
    const to = min(outputs, from + 6);
    for (let i = from; i < to; i += 1) {
      let label: f32 = 0;
      for (let j = 0; j < count; j += 1) if (load<i32>(labels + ((<usize>j) << 2)) == i) label = 1;
      putTarget(groups, i - from, output + <usize>i * bytes, label, 1);
    }
    trainGroups(p, fillGroup(groups, to - from, load<usize>(p, NOTHING)), rate);
  }
}

function trainGroups(p: usize, groups: i32, rate: f32): void {
  const first = load<usize>(p, GROUPS);
  const hidden = load<usize>(p, HIDDEN);
  const error = load<usize>(p, ERROR);
  const bytes = load<usize>(p, ROW_BYTES);
  for (let g = 0; g < groups; g += 1) stepOne(p + LIKELY, first + <usize>g * GROUP, hidden, error, bytes, rate);
}
