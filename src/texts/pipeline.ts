/** The modules of a model one after the other: checked once when it is loaded, applied to every batch. */
import { SemspaceError } from "../errors.ts";
import type { Matrix } from "../matrix/index.ts";
import type { ModuleBatch, TextModule } from "./modules/module.ts";

/** The name of the matrix that holds the texts' vectors in the end. */
const result = "sentence_embedding";

/**
 * Length of the vectors that `modules` make of the matrices named in `dimensions`. Throws `mismatch` when one reads a
 * matrix that no module before it makes, or takes another length, or when no text vectors come out.
 */
export function connectModules(
  modules: readonly TextModule[],
  dimensions: Readonly<Record<string, number>>,
  model: string,
): number {
  const known = new Map(Object.entries(dimensions));
  for (const [i, module] of modules.entries()) {
    const input = known.get(module.input);
    if (input === undefined) {
      throw new SemspaceError(
        "mismatch",
        `Module ${i + 1} of ${model} reads "${module.input}"; the modules before it make: ${[...known.keys()].join(", ")}.`,
      );
    }
    known.set(module.output, module.dimensions(input));
  }
  const length = known.get(result);
  if (length !== undefined) return length;
  throw new SemspaceError(
    "mismatch",
    `The modules of ${model} make no vector for a text. Add a Pooling module, or use output "tokens" of its transformer.`,
  );
}

/** The texts' vectors of a batch, [rows, dimensions], from the matrices that the first module made. */
export function applyModules(
  modules: readonly TextModule[],
  start: Readonly<Record<string, Matrix>>,
  batch: ModuleBatch,
): Matrix {
  const matrices = new Map(Object.entries(start));
  for (const module of modules) matrices.set(module.output, module.apply(matrices.get(module.input)!, batch));
  return matrices.get(result)!;
}
