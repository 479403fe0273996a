/**
 * Parquet → one record a row, as JSONL has them: its `text` (and `title`), or its strings with the names of their columns. Read by hyparquet
 * (its codecs gzip, zstd, brotli by hyparquet-compressors), loaded when a document needs them; row group by row group. A line of the document is a row.
 */
import type { FileMetaData, SchemaTree } from "hyparquet";
import { SemspaceError } from "../errors.ts";
import type { Document } from "./document.ts";
import { recordText } from "./record-text.ts";
import { TextBuilder } from "./text-builder.ts";

/** Most characters of all records: a string of more does not fit into JavaScript's. */
const MAX_CHARACTERS = 256 * 2 ** 20;
/** Most bytes of a row group when it is unpacked: its values are in memory together. */
const MAX_GROUP_BYTES = 2 ** 30;

/** Throws `invalid-file` for bytes that are no whole Parquet file, `unsupported` for one that unpacks to more than fits. */
export async function readParquet(bytes: Uint8Array, file: string): Promise<Document> {
  const name = file || "The document";
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const buffer = bytes.slice().buffer;
  const builder = new TextBuilder();
  try {
    const metadata = parquetMetadata(buffer);
    checkColumns(metadata, parquetSchema(metadata));
    let rowStart = 0;
    for (const group of groups(metadata, name)) {
      const rowEnd = rowStart + group;
      const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd, utf8: false });
      for (const [i, row] of rows.entries()) addRow(builder, row, { line: rowStart + i + 1, name });
      rowStart = rowEnd;
    }
  } catch (cause) {
    if (cause instanceof SemspaceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SemspaceError(
      "invalid-file",
      `${name} is no Parquet file that can be read: ${reason}. Is it cut short?`,
      {
        cause,
      },
    );
  }
  return builder.document(file, "parquet");
}

/** A column that the schema does not know makes hyparquet leave a promise behind, whose failure would end the process. */
function checkColumns({ row_groups: groups }: FileMetaData, schema: SchemaTree): void {
  for (const { columns } of groups) {
    for (const { meta_data: column } of columns) {
      let at: SchemaTree | undefined = schema;
      for (const name of column?.path_in_schema ?? [""]) at = at?.children.find(({ element }) => element.name === name);
      if (!at) throw new Error("a column is not in its schema");
    }
  }
}

/** The rows of each group. */
function groups(metadata: FileMetaData, name: string): number[] {
  return metadata.row_groups.map((group, i) => {
    const bytes = Number(group.total_byte_size);
    if (bytes > MAX_GROUP_BYTES) throw tooLarge(name, `row group ${i} unpacks to ${bytes} bytes`, MAX_GROUP_BYTES);
    return Number(group.num_rows);
  });
}

function addRow(builder: TextBuilder, row: unknown, { line, name }: { line: number; name: string }): void {
  const content = recordText(row) ?? "";
  if (content === "") return;
  if (builder.length + content.length > MAX_CHARACTERS)
    throw tooLarge(name, `its records have more than ${MAX_CHARACTERS} characters`, MAX_CHARACTERS);
  builder.separate("\n");
  const start = builder.length;
  builder.add(content, line);
  builder.block(start, "record");
}

function tooLarge(name: string, what: string, allowed: number): SemspaceError {
  return new SemspaceError("unsupported", `${name} is too large: ${what}, ${allowed} are read. Split it.`);
}
