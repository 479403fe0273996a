/** From the outputs of a training graph to the gradients of its parameters. */
import type { SessionTensor } from "../../transformers/session.ts";
import type { Gradient } from "../parameters.ts";
import type { ReversePass } from "./differentiate.ts";
import { gradientName, idsName, rowsName } from "./passes.ts";
import { addRows, sumRows } from "./table-rows.ts";

/** The outputs that hold the gradients of a reverse pass. */
export function gradientFetches({ dense, rows }: ReversePass): string[] {
  return [
    ...[...dense.keys()].map(gradientName),
    ...[...rows].flatMap(([name, lookups]) => lookups.flatMap((_, i) => [idsName(name, i), rowsName(name, i)])),
  ];
}

/** Places for the gradients of whole parameters, which have the same size in every batch. */
export function gradientPlaces(
  { dense }: ReversePass,
  shapeOf: (parameter: string) => readonly number[],
): Record<string, SessionTensor> {
  const places = [...dense.keys()].map((name): [string, SessionTensor] => {
    const shape = shapeOf(name);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return [gradientName(name), { type: "float32", data, shape }];
  });
  return Object.fromEntries(places);
}

/** A table that is looked up and multiplied with too (tied to the output layer) has one dense gradient of both. */
export function collectGradients(
  results: Readonly<Record<string, SessionTensor>>,
  { dense, rows }: ReversePass,
  shapeOf: (parameter: string) => readonly number[],
): Gradient[] {
  const floats = (name: string) => results[name].data as Float32Array;
  const gradients = new Map<string, Gradient>();
  for (const parameter of dense.keys()) {
    gradients.set(parameter, { parameter, dense: floats(gradientName(parameter)) });
  }
  for (const [parameter, lookups] of rows) {
    const found = lookups.map((_, i) => ({
      ids: results[idsName(parameter, i)].data as Int32Array,
      values: floats(rowsName(parameter, i)),
    }));
    const summed = sumRows(found, shapeOf(parameter)[0]);
    const whole = gradients.get(parameter)?.dense;
    if (whole) addRows(whole, summed);
    else gradients.set(parameter, { parameter, rows: summed });
  }
  return [...gradients.values()];
}

/** Adds the gradients of another part of the batch to those of the first; the dense ones in place. */
export function addGradients(
  sum: readonly Gradient[],
  more: readonly Gradient[],
  shapeOf: (parameter: string) => readonly number[],
): Gradient[] {
  const others = new Map(more.map((gradient) => [gradient.parameter, gradient]));
  return sum.map((gradient) => {
    const { parameter, dense, rows } = gradient;
    const other = others.get(parameter);
    if (rows && other?.rows) return { parameter, rows: sumRows([rows, other.rows], shapeOf(parameter)[0]) };
    if (dense && other?.dense) for (let i = 0; i < dense.length; i += 1) dense[i] += other.dense[i];
    return gradient;
  });
}
