/** Gradients as a whole: their sum over batches, their length, and shortening them. */
import { type Gradient, type Parameter, rowLength } from "./parameters.ts";

/** Sums of gradients by parameter; for rows the union of the rows. The inputs are not changed and not kept. */
export class GradientSum {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #sums = new Map<string, Gradient>();

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  }

  add(gradients: readonly Gradient[]): void {
    for (const gradient of gradients) {
      const { parameter } = gradient;
      const before = this.#sums.get(parameter);
      const own = this.#parameters.get(parameter);
      const columns = own ? rowLength(own) : 1;
      this.#sums.set(parameter, before ? added(before, gradient, columns) : copied(gradient));
    }
  }

  /** Gives the sums and begins anew. */
  take(): Gradient[] {
    const gradients = [...this.#sums.values()];
    this.#sums.clear();
    return gradients;
  }
}

function copied({ parameter, dense, rows }: Gradient): Gradient {
  return { parameter, dense: dense?.slice(), rows: rows && { ids: rows.ids.slice(), values: rows.values.slice() } };
}

/** `a` is this file's own copy. */
function added(a: Gradient, b: Gradient, columns: number): Gradient {
  const { parameter } = a;
  let { dense, rows } = a;
  if (b.dense) {
    if (dense) for (let i = 0; i < dense.length; i += 1) dense[i] += b.dense[i];
    else dense = b.dense.slice();
  }
  if (b.rows) rows = rows ? union(rows, b.rows, columns) : { ids: b.rows.ids.slice(), values: b.rows.values.slice() };
  return { parameter, dense, rows };
}

type Rows = NonNullable<Gradient["rows"]>;

function union(a: Rows, b: Rows, columns: number): Rows {
  const ids = Int32Array.from(new Set([...a.ids, ...b.ids])).toSorted();
  const values = new Float32Array(ids.length * columns);
  for (const rows of [a, b]) {
    let at = 0;
    for (const [i, id] of rows.ids.entries()) {
      while (ids[at] < id) at += 1;
      for (let k = 0; k < columns; k += 1) values[at * columns + k] += rows.values[i * columns + k];
    }
  }
  return { ids, values };
}

/** Shortens the gradients, in place, to at most `longest` together; gives the length that they had. */
export function clipGradients(gradients: readonly Gradient[], longest: number): number {
  let squares = 0;
  for (const values of arrays(gradients)) for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  // As torch's clip_grad_norm_, which adds 1e-6.
  if (length > longest) scaleGradients(gradients, longest / (length + 1e-6));
  return length;
}

function scaleGradients(gradients: readonly Gradient[], factor: number): void {
  for (const values of arrays(gradients)) for (let i = 0; i < values.length; i += 1) values[i] *= factor;
}

function arrays(gradients: readonly Gradient[]): Float32Array[] {
  return gradients.flatMap(({ dense, rows }) => [dense, rows?.values]).filter((values) => values !== undefined);
}
