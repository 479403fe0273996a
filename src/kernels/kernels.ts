/**
 * The arithmetic that decides how fast static models are, behind one interface with two implementations:
 * WASM SIMD (wasm.ts, compiled from assembly/) and plain TypeScript (reference.ts). Both give the same bits.
 */
import { oneOf } from "../errors.ts";
import { createReferenceTable } from "./reference.ts";
import { createWasmTable, wasmFits } from "./wasm.ts";

/** Tokens of many texts: text i is `ids[starts[i] … starts[i + 1])`. */
export interface TokenRanges {
  ids: Int32Array;
  starts: Int32Array;
}

/** What an embedding table is made of. Token `id` has the vector `rows[rowOf[id]] × weightOf[id]`. */
export interface TableParts {
  /** Row-major, rows × dimensions. */
  rows: Int8Array | Float32Array;
  dimensions: number;
  /** The row of each token id; default: row `id`. */
  rowOf?: Int32Array | undefined;
  /** The weight of each token id; default: 1. */
  weightOf?: Float32Array | undefined;
}

export interface MeanOptions {
  /** This id is left out of the mean; -1 (default) leaves none out. */
  skip?: number;
  /** Divide each mean by its length, at least 1e-12. */
  normalize?: boolean;
}

/** An embedding table that means rows. */
export interface EmbeddingTable {
  /**
   * Writes the mean vector of each text to `out` (texts × dimensions); a text without tokens gives zeros.
   * The ids are not checked against the table: whoever makes them does that.
   */
  meanRows(texts: TokenRanges, out: Float32Array, options?: MeanOptions): void;
  dispose(): void;
}

export type KernelChoice = "auto" | "wasm" | "reference";

/**
 * Puts a table where the kernels can read it: a copy in WASM memory, or the parts themselves for the reference.
 * `auto` takes WASM unless this runtime has no SIMD or the table does not fit into WASM's 4 GB.
 */
export async function createTable(parts: TableParts, choice: KernelChoice = "auto"): Promise<EmbeddingTable> {
  oneOf("kernels", choice, ["auto", "wasm", "reference"]);
  if (choice === "reference" || (choice === "auto" && !wasmFits(parts))) return createReferenceTable(parts);
  return createWasmTable(parts);
}
