/** Makes test/golden/index-folder with this package: `npm run example test/golden/index_folder.ts`. Later versions must read it as it is. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openFolderStore } from "../../src/search/index.ts";

const path = join(import.meta.dirname, "index-folder");
rmSync(path, { recursive: true, force: true });
const store = await openFolderStore(path, { dimensions: 5, dtype: "int8", graph: true });
const entry = (i: number) => ({
  id: `e${i}`,
  vector: Float32Array.from({ length: 5 }, (_, k) => Math.sin((i + 1) * (k + 2))),
  text: `word${i} in an index, ${"één ключ 鍵".split(" ")[i % 3]}`,
  metadata: { n: i },
});
await store.upsert(Array.from({ length: 12 }, (_, i) => entry(i)));
await store.search(entry(0).vector, { k: 1 });
await store.flush();
await store.delete(["e3"]);
await store.upsert([entry(12)]);
await store.close();
