/** The program that index-durability.bench.ts kills: updates an index batch by batch and says which batches are kept. */
import { openFolderStore } from "../src/search/index.ts";
import { BATCH, COLUMNS, entriesOf, ROWS } from "./index-batches.ts";

const [, , path, first] = process.argv;
const store = await openFolderStore(path, { dimensions: COLUMNS });
if (Number(first) === 0) {
  for (let at = 0; at < ROWS; at += BATCH) await store.upsert(entriesOf(at / BATCH - ROWS / BATCH));
  await store.flush();
  await store.close();
} else {
  for (let batch = Number(first); ; batch += 1) {
    await store.upsert(entriesOf(batch));
    await store.delete([`x${batch - 1}`]);
    await store.flush();
    process.stdout.write(`${batch}\n`);
  }
}
