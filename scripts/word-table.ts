/** Word vectors as packages carry them, a numpy table and its words in a parquet file, as files that `loadWordVectors` reads. */
import { strToU8 } from "fflate";
import { parquetReadObjects } from "hyparquet";
import type { Files } from "./model-files.ts";

/** `vectors.npy` as it is, and `words.txt` with the values of a column of the parquet file, one a line. */
export function wordTable(
  table: string,
  { parquet, column }: { parquet: string; column: string },
): (files: Files) => Promise<Files> {
  return async (files) => {
    const rows = await parquetReadObjects({ file: files[parquet].slice().buffer, columns: [column] });
    const words = rows.map((row) => `${String(row[column])}\n`);
    return { "vectors.npy": files[table], "words.txt": strToU8(words.join("")) };
  };
}
