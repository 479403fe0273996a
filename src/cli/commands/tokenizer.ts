/** `semspace tokenizer …`: the commands about tokenizers of one's own. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  train: { summary: "Learn a tokenizer from text", load: () => import("./tokenizer-train.ts") },
};
