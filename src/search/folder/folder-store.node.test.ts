import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { storeContract } from "../../../test/store-contract.ts";
import { indexDtypes } from "../index-options.ts";
import type { Store } from "../store.ts";
import { openFolderStore } from "./folder-store.ts";

const root = mkdtempSync(join(tmpdir(), "semspace-index-"));
let next = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const dtype of indexDtypes) {
  const paths = new Map<Store, string>();
  const opened = async (path: string, options = {}): Promise<Store> => {
    const store = await openFolderStore(path, options);
    paths.set(store, path);
    return store;
  };
  storeContract(`folder, ${dtype}`, {
    open: () => opened(join(root, `${(next += 1)}`), { dimensions: 3, dtype }),
    again: async (store) => {
      await store.close();
      return opened(paths.get(store)!);
    },
  });
}
