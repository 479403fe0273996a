/**
 * The tensors of one table in this package's own file, by the table's form: `vectors` F32 [rows, columns]; or `codes` I8 and `scales` F32
 * [rows]; or `pieces` U8 [rows, pieces] and `centroids` F32 [columns, 256] (piece by piece), and for the rows' lengths `lengths` U8 [rows] and
 * `lengthCentroids` F32 [256]. Another table's names have a prefix.
 */
import { SemspaceError } from "../../errors.ts";
import type { SafetensorsFile } from "../../formats/safetensors.ts";
import type { TensorToWrite } from "../../formats/safetensors-writer.ts";
import { CENTROIDS, Matrix, ProductQuantizer } from "../../matrix/index.ts";
import { Int8Table } from "../tables/int8-table.ts";
import { ProductTable } from "../tables/product-table.ts";
import { asMatrix, type VectorTable } from "../tables/vector-table.ts";

export function tableTensors(table: VectorTable, prefix = ""): Record<string, TensorToWrite> {
  const { rows, columns } = table;
  const tensors = formTensors(table, [rows, columns]);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function formTensors(table: VectorTable, shape: readonly [number, number]): Record<string, TensorToWrite> {
  const [rows, columns] = shape;
  if (table instanceof Int8Table) {
    return {
      codes: { dtype: "I8", shape, data: table.codes },
      scales: { dtype: "F32", shape: [rows], data: table.scales },
    };
  }
  if (!(table instanceof ProductTable)) return { vectors: { dtype: "F32", shape, data: asMatrix(table).data } };
  const { quantizer, codes, norms } = table;
  return {
    pieces: { dtype: "U8", shape: [rows, quantizer.pieces], data: codes },
    centroids: { dtype: "F32", shape: [columns, CENTROIDS], data: quantizer.centroids },
    pieceLength: { dtype: "I32", shape: [], data: Int32Array.of(quantizer.pieceLength) },
    ...(norms && {
      lengths: { dtype: "U8" as const, shape: [rows], data: norms.codes },
      lengthCentroids: { dtype: "F32" as const, shape: [CENTROIDS], data: norms.quantizer.centroids },
    }),
  };
}

/** The first rows of a table. Throws `mismatch` for a tensor that is not there, `invalid-file` where shapes do not fit. */
export async function readTable(file: SafetensorsFile, rows: number, prefix = ""): Promise<VectorTable> {
  const form = ["codes", "pieces"].find((name) => file.tensors.has(prefix + name)) ?? "vectors";
  const { shape } = file.tensor(prefix + form);
  const [all, columns] = shape;
  if (shape.length !== 2 || columns < 1 || all < rows) {
    const message = `${file.name} has ${rows} words or n-grams and ${prefix}${form} of the shape ${shape.join(" x ")}.`;
    throw new SemspaceError("invalid-file", message);
  }
  if (form === "pieces") return readProductTable(file, { rows, pieces: columns, prefix });
  if (form === "codes") {
    const codes = await file.readBytes(`${prefix}codes`);
    const scales = await file.readFloat32(`${prefix}scales`);
    return new Int8Table(
      new Int8Array(codes.buffer, codes.byteOffset, rows * columns),
      scales.subarray(0, rows),
      columns,
    );
  }
  return new Matrix((await file.readFloat32(`${prefix}vectors`)).subarray(0, rows * columns), rows, columns);
}

async function readProductTable(
  file: SafetensorsFile,
  { rows, pieces, prefix }: { rows: number; pieces: number; prefix: string },
): Promise<ProductTable> {
  const centroids = await file.readFloat32(`${prefix}centroids`);
  const [pieceLength] = await file.readInt32(`${prefix}pieceLength`);
  const columns = centroids.length / CENTROIDS;
  if (!(Number.isInteger(columns) && pieceLength >= 1 && Math.ceil(columns / pieceLength) === pieces)) {
    const message = `${file.name} has ${pieces} pieces of ${pieceLength} numbers and ${centroids.length} numbers of centroids. Fetch it again.`;
    throw new SemspaceError("invalid-file", message);
  }
  const codes = (await file.readBytes(`${prefix}pieces`)).subarray(0, rows * pieces);
  const quantizer = new ProductQuantizer(columns, pieceLength, centroids);
  if (!file.tensors.has(`${prefix}lengths`)) return new ProductTable(codes, quantizer);
  const lengths = (await file.readBytes(`${prefix}lengths`)).subarray(0, rows);
  const ofLengths = new ProductQuantizer(1, 1, await file.readFloat32(`${prefix}lengthCentroids`));
  return new ProductTable(codes, quantizer, { codes: lengths, quantizer: ofLengths });
}
