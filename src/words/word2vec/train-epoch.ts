/** One epoch of a word2vec training, whole or in the parts between two checkpoints. */
import type { LaneGroup } from "../training/lanes.ts";
import type { BegunEpoch } from "../training/state-file.ts";
import type { Word2VecJob } from "./word2vec-lane.ts";

/** Most blocks that a lane of a deterministic training takes before the lanes are brought together. */
const ROUND = 8;

export interface EpochParts {
  job: Word2VecJob;
  /** Of the corpus. */
  blocks: number;
  /** A deterministic training on several lanes: each its own blocks on its own vectors, then all bring theirs together. */
  rounds: boolean;
  /** What a checkpoint has already behind it. */
  begun: BegunEpoch | undefined;
  /** Called when the lanes have been halted; they go on afterwards. */
  halted: (part: BegunEpoch) => Promise<void>;
}

/**
 * Every block has random numbers and a rate of its own, so an epoch can be halted behind any of them: with one lane it comes to the same
 * bits as without.
 */
export async function trainEpoch(group: LaneGroup, { job, blocks, rounds, begun, halted }: EpochParts): Promise<void> {
  const { control } = group;
  if (begun) {
    control.next = begun.blocks;
    control.add(0, { done: 0, loss: begun.loss, losses: begun.losses });
  }
  while (control.next < blocks && !control.stopped) {
    control.halt(false);
    await (rounds ? runRounds(group, job, blocks) : group.run(job));
    const { loss, losses } = control.totals();
    // A loss that is no number ends the training with its epoch.
    if (control.halted && control.next < blocks && !control.stopped && Number.isFinite(loss))
      await halted({ blocks: control.next, loss, losses });
  }
}

async function runRounds(group: LaneGroup, job: Word2VecJob, blocks: number): Promise<void> {
  const { lanes, control } = group;
  const size = Math.max(1, Math.min(ROUND, Math.floor(blocks / (lanes * 8))));
  do {
    await group.run({ ...job, round: { first: control.next, size } });
    await group.run({ type: "merge" });
    control.next += size * lanes;
  } while (control.next < blocks && !control.stopped && !control.halted);
}
