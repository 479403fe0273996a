/** A loss from its name in a config, with or without options. */
import { SemspaceError, shown } from "../../errors.ts";
import { losses } from "../../training/losses/index.ts";
import type { Loss } from "../../training/losses/loss.ts";
import { suggestion } from "../arguments.ts";
import { isObject } from "./config-keys.ts";
import type { LossConfig } from "./train-config.ts";

/** Throws `invalid-file` for a name that there is not, and what the loss says of its options. */
export function lossOf(where: string, given: unknown): Loss {
  const { name: written, loss: inner, ...options } = typeof given === "string" ? { name: given } : specOf(where, given);
  const name = Object.keys(losses).find((each) => sameName(each, written));
  if (name === undefined) {
    const names = Object.keys(losses);
    throw new SemspaceError(
      "invalid-file",
      `${where}: unknown loss "${written}".${suggestion(written, names)} Losses: ${names.join(", ")}.`,
    );
  }
  const make = losses[name as keyof typeof losses] as (...given: readonly unknown[]) => Loss;
  return inner === undefined ? make(options) : make(lossOf(where, inner), options);
}

function specOf(where: string, given: unknown): Exclude<LossConfig, string> {
  if (isObject(given) && typeof given["name"] === "string") return given as Exclude<LossConfig, string>;
  throw new SemspaceError(
    "invalid-file",
    `${where}: "loss" must be the name of a loss or an object with "name", got ${shown(given)}.`,
  );
}

/** sentence-transformers' own spelling is understood too: MultipleNegativesRankingLoss. */
function sameName(name: string, written: string): boolean {
  return name.toLowerCase() === written.toLowerCase().replace(/loss$/, "");
}
