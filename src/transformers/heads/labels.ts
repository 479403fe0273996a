/** The labels of a classifier, as `id2label` of config.json names them; without it they are LABEL_0, LABEL_1 … as in transformers. */
import { SemspaceError, shown } from "../../errors.ts";
import { type ConfigFile, wholeNumberOf } from "../config-values.ts";

const maxLabels = 1_000_000;

/** Throws `invalid-file` for an `id2label` whose keys are not 0, 1, 2 … or whose values are no names. */
export function labelsOf(file: ConfigFile): readonly string[] {
  const named = file.json["id2label"] ?? undefined;
  if (named === undefined) {
    const count = wholeNumberOf(file, "num_labels", { fallback: 2, most: maxLabels });
    return Array.from({ length: count }, (_, i) => `LABEL_${i}`);
  }
  const entries = typeof named === "object" ? Object.entries(named as Record<string, unknown>) : [];
  const labels = Array.from({ length: entries.length }, () => "");
  const wrong = entries.find(([key, label]) => {
    const id = Number(key);
    if (!Number.isInteger(id) || id < 0 || id >= entries.length || typeof label !== "string") return true;
    labels[id] = label;
    return false;
  });
  if (!wrong && entries.length > 0 && entries.length <= maxLabels) return labels;
  throw new SemspaceError(
    "invalid-file",
    `${file.source}: id2label must name the labels 0, 1, 2 … by strings, got ${shown(wrong ? Object.fromEntries([wrong]) : named)}.`,
  );
}
