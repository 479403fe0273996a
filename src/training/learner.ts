/** A body that learns: a static table, a transformer, a projection. The trainer knows nothing else of it. */
import type { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { Optimizer, OptimizerSettings } from "./optimizers/optimizer.ts";
import type { Gradient, Parameter } from "./parameters.ts";

export interface Learner {
  /** What messages call it. */
  readonly name: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** What the optimizer changes, in place. Names are unique; a checkpoint holds all of them. */
  readonly parameters: readonly Parameter[];
  /** One vector a text, [texts, dimensions]. All columns of a batch are encoded in one call. The matrix is valid until the next call. */
  encode(texts: readonly string[]): Promise<Matrix>;
  /** The gradients of the texts of the last {@link encode}, from the loss's derivative by its result. Valid until the next call. */
  backward(upstream: Matrix): Promise<Gradient[]>;
  /** An embedder of what has been learnt so far; it follows the training. Not to be used between an encode and its backward. */
  embedder(): Embedder;
  /** Writes the model's folder as Python reads it. */
  save(folder: string): Promise<void>;
  /** An optimizer that works where the parameters lie. Without one the trainer takes `createOptimizer`. */
  optimizer?(settings: OptimizerSettings): Optimizer;
  dispose(): Promise<void>;
}
