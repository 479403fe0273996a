/** The vector-Jacobian products by operator, for every operator that `GraphBuilder` writes and through which a derivative passes. */
import type { Product } from "./product.ts";
import { arithmetic } from "./products/arithmetic.ts";
import { elementwiseProducts } from "./products/elementwise.ts";
import { linearAlgebra } from "./products/linear-algebra.ts";
import { normalisation } from "./products/normalisation.ts";
import { rearrangements } from "./products/rearrangements.ts";
import { reductions } from "./products/reductions.ts";

export const products: Readonly<Record<string, Product>> = {
  ...arithmetic,
  ...elementwiseProducts,
  ...linearAlgebra,
  ...normalisation,
  ...reductions,
  ...rearrangements,
};
