/** What learns: named arrays of float32, and the gradients that change them, whole or by rows. */
import { SemspaceError } from "../errors.ts";

/** An array of values that an optimizer changes in place. */
export interface Parameter {
  readonly name: string;
  /** Row-major; the optimizer writes here. */
  readonly value: Float32Array;
  readonly shape: readonly number[];
  /** Whether weight decay applies (not to biases and the weights of a LayerNorm). */
  readonly decay: boolean;
}

/** The gradient of one parameter: of all its values, or of some rows of a table. */
export interface Gradient {
  /** Name of the parameter. */
  readonly parameter: string;
  /** One value for each of the parameter's. */
  readonly dense?: Float32Array | undefined;
  /** A row for each id: ids ascending and unique, values [ids, columns of the table]. All other rows have the gradient 0. */
  readonly rows?: { readonly ids: Int32Array; readonly values: Float32Array } | undefined;
}

/** Values of one row of the parameter: all but the first dimension of its shape. */
export function rowLength({ shape }: Parameter): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/**
 * The parameter that a gradient belongs to. Throws `mismatch` for a gradient of no parameter, of another length, or whose rows
 * are not ascending, unique and within the table.
 */
export function parameterOf(gradient: Gradient, parameters: readonly Parameter[]): Parameter {
  const parameter = parameters.find(({ name }) => name === gradient.parameter);
  if (!parameter) {
    throw new SemspaceError(
      "mismatch",
      `A gradient of "${gradient.parameter}", which is no parameter. There are: ${parameters.map(({ name }) => name).join(", ")}.`,
    );
  }
  const { dense, rows } = gradient;
  if (dense && dense.length !== parameter.value.length) {
    throw new SemspaceError(
      "mismatch",
      `The gradient of "${parameter.name}" has ${dense.length} values, the parameter has ${parameter.value.length}.`,
    );
  }
  if (rows) checkRows(rows, parameter);
  return parameter;
}

function checkRows({ ids, values }: NonNullable<Gradient["rows"]>, parameter: Parameter): void {
  const columns = rowLength(parameter);
  if (values.length !== ids.length * columns) {
    throw new SemspaceError(
      "mismatch",
      `${ids.length} rows of the gradient of "${parameter.name}" need ${ids.length * columns} values, got ${values.length}.`,
    );
  }
  let last = -1;
  for (const id of ids) {
    if (id <= last || id >= parameter.shape[0]) {
      throw new SemspaceError(
        "mismatch",
        `The rows of the gradient of "${parameter.name}" must ascend from 0 to ${parameter.shape[0] - 1}, got ${id} after ${last}.`,
      );
    }
    last = id;
  }
}
