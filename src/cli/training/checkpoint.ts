/** The options by which a training survives its end: kept after every epoch, gone on with, or taken further on another text. */
import { existsSync } from "node:fs";
import { SemspaceError } from "../../errors.ts";
import type { TrainingProgress } from "../../words/index.ts";
import { UsageError, type Values } from "../arguments.ts";

export const checkpointOptions = {
  checkpoint: { type: "string", value: "FILE", describe: "Keep the state here after every epoch" },
  resume: { type: "flag", describe: "Go on from the --checkpoint of a training that was ended" },
  continue: {
    type: "string",
    value: "MODEL",
    describe: "Train the model of a --checkpoint (or fastText's .bin) further, on this text and its new words",
  },
} as const;

type Given = Values<typeof checkpointOptions>;

/** Throws {@link UsageError} for options that exclude each other; `taken` are those that a model to be continued has its own of. */
export function checkGoingOn(given: Given & Readonly<Record<string, unknown>>, taken: readonly string[]): void {
  if (given.resume && given.checkpoint === undefined)
    throw new UsageError("--resume needs --checkpoint FILE, the state to go on from.");
  if (given.continue === undefined) return;
  if (given.resume)
    throw new UsageError("--resume goes on with a training that was ended, --continue begins one. Give one of them.");
  const twice = taken.find((name) => given[name] !== undefined);
  if (twice) throw new UsageError(`--continue takes over the model's own: leave --${twice} out.`);
}

/** Throws {@link UsageError} for a checkpoint that would be written over, `missing-file` for one that is not there. */
export function checkCheckpoint({ checkpoint, resume }: Pick<Given, "checkpoint" | "resume">): void {
  if (checkpoint === undefined) return;
  const there = existsSync(checkpoint);
  if (there && !resume)
    throw new UsageError(`${checkpoint} is there already. Add --resume to go on from it, or remove it to begin anew.`);
  if (!there && resume)
    throw new SemspaceError("missing-file", `No checkpoint ${checkpoint} to go on from. Leave --resume out to begin.`);
}

/** Where a training was stopped, and how to go on. */
export function whatIsLeft({ checkpoint, continue: model }: Given, seen: TrainingProgress | undefined): string {
  const where = seen ? `in epoch ${seen.epoch} of ${seen.epochs}` : "before the first epoch";
  if (checkpoint === undefined)
    return `Stopped ${where}, nothing is kept. --checkpoint FILE keeps every whole epoch, and --resume goes on from it.`;
  if (!existsSync(checkpoint)) return `Stopped ${where}; no epoch is whole yet, so ${checkpoint} is not there.`;
  const further =
    model === undefined
      ? "The same command with --resume goes on from there."
      : `--continue ${checkpoint} trains it further.`;
  return `Stopped ${where}; ${checkpoint} holds the training as it was last kept. ${further}`;
}
