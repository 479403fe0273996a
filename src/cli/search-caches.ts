/** What `semspace search` keeps between two calls on the same paths: vectors by model and content, and the terms of the texts. */
import { realpathSync } from "node:fs";
import type { ModelFolder } from "../hub/folder.ts";
import type { TermCache } from "../search/term-cache.ts";
import type { VectorCache } from "../search/vector-cache.ts";

export interface SearchCaches {
  vectors(model: ModelFolder, kind: { dimensions: number; dtype: string | undefined }): Promise<VectorCache>;
  terms(): Promise<TermCache>;
}

/** Undefined where this machine has no cache folder. A folder that cannot be written is said once. */
export async function searchCaches(
  paths: readonly string[],
  warn: (message: string) => void,
): Promise<SearchCaches | undefined> {
  const { cacheFolder, joinLocation } = await import("#platform");
  const base = cacheFolder();
  if (base === undefined) return undefined;
  const scope = paths
    .map((path) => realpathSync(path))
    .toSorted()
    .join("\n");
  let said = false;
  const options = {
    folder: joinLocation(base, "vectors"),
    scope,
    unwritable: ({ message }: Error) => {
      if (!said) warn(message);
      said = true;
    },
  };
  return {
    async vectors(model, { dimensions, dtype = "float32" }) {
      const { modelFingerprint } = await import("../search/model-fingerprint.ts");
      const { openVectorCache } = await import("../search/vector-cache.ts");
      const fingerprint = await modelFingerprint(model);
      const name = dtype === "float32" ? fingerprint : `${fingerprint} ${dtype}`;
      return openVectorCache({ ...options, model: name, dimensions });
    },
    async terms() {
      const { openTermCache } = await import("../search/term-cache.ts");
      return openTermCache(options);
    },
  };
}
