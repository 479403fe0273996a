/**
 * Softmax (Reimers and Gurevych 2019, Sentence-BERT on NLI): a classifier over both vectors of a pair and their difference, which learns with the
 * body and is thrown away. Reference: sentence-transformers 6.2 `SoftmaxLoss`.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Parameter } from "../parameters.ts";
import { rowProducts, weightedRows } from "./batch-products.ts";
import { checkColumns, checkLabels, zerosLike } from "./check-batch.ts";
import type { Loss } from "./loss.ts";
import { softmaxOf } from "./softmax-of.ts";

export interface SoftmaxOptions {
  /** Length of the vectors. */
  dimensions: number;
  /** Number of classes; labels go from 0 on. */
  labels: number;
  /** Whether the classifier sees the vectors (default true), |a − b| (default true), a · b by dimension (default false). */
  vectors?: boolean;
  difference?: boolean;
  product?: boolean;
  /** For the classifier's start. Default 42. */
  seed?: number;
}

/** Columns: two texts; labels: the class of each pair. The loss has {@link Loss.parameters} of its own, which the trainer learns too. */
export function softmax({ dimensions, labels: classes, seed = 42, ...sees }: SoftmaxOptions): Loss {
  wholeNumber("dimensions", dimensions, 1);
  wholeNumber("labels", classes, 2);
  const { vectors = true, difference = true, product = false } = sees;
  const parts = Number(vectors) * 2 + Number(difference) + Number(product);
  if (parts === 0)
    throw new SemspaceError("invalid-argument", "The classifier of Softmax must see vectors, difference or product.");
  const width = parts * dimensions;
  const [weight, bias] = linearParameters(classes, width, seed);
  const name = "Softmax";
  return {
    name,
    parameters: [weight, bias],
    evaluate(columns, given) {
      checkColumns(columns, { name, columns: "sentence1 and sentence2", least: 2 });
      const [a, b] = columns;
      if (a.columns !== dimensions)
        throw new SemspaceError("mismatch", `${name} was made for ${dimensions} dimensions, got ${a.columns}.`);
      const labels = checkLabels(given, name, [a.rows, 1]);
      const features = featuresOf(a, b, { vectors, difference, product, width });
      const weights = new Matrix(weight.value, classes, width);
      const logits = rowProducts(features, weights);
      const derivative = Matrix.zeros(a.rows, classes);
      let value = 0;
      for (let i = 0; i < a.rows; i += 1) {
        const label = wholeNumber("A label of Softmax", labels[i]);
        if (label >= classes)
          throw new SemspaceError("mismatch", `${name} has ${classes} classes, got label ${label}.`);
        const chances = softmaxOf(Array.from(logits.row(i), (logit, c) => logit + bias.value[c]));
        value -= chances[label].log / a.rows;
        for (let c = 0; c < classes; c += 1)
          derivative.row(i)[c] = (chances[c].probability - (c === label ? 1 : 0)) / a.rows;
      }
      const ofFeatures = weightedRows(flipped(derivative), weights);
      const biasGradient = new Float32Array(classes);
      derivative.data.forEach((each, i) => (biasGradient[i % classes] += each));
      return {
        value,
        gradients: featuresBack(a, b, { vectors, difference, product, ofFeatures }),
        parameterGradients: [
          { parameter: weight.name, dense: weightedRows(derivative, features).data },
          { parameter: bias.name, dense: biasGradient },
        ],
      };
    },
  };
}

interface Sees {
  vectors: boolean;
  difference: boolean;
  product: boolean;
}

function featuresOf(a: Matrix, b: Matrix, { vectors, difference, product, width }: Sees & { width: number }): Matrix {
  const features = Matrix.zeros(a.rows, width);
  for (let i = 0; i < a.rows; i += 1) {
    const [x, y, out] = [a.row(i), b.row(i), features.row(i)];
    let at = 0;
    const put = (values: Float32Array): void => {
      out.set(values, at);
      at += values.length;
    };
    if (vectors) {
      put(x);
      put(y);
    }
    if (difference) put(x.map((value, k) => Math.abs(value - y[k])));
    if (product) put(x.map((value, k) => value * y[k]));
  }
  return features;
}

function featuresBack(
  a: Matrix,
  b: Matrix,
  { vectors, difference, product, ofFeatures }: Sees & { ofFeatures: Matrix },
): Matrix[] {
  const gradients = zerosLike([a, b]);
  const d = a.columns;
  for (let i = 0; i < a.rows; i += 1) {
    const [x, y, from] = [a.row(i), b.row(i), ofFeatures.row(i)];
    const [toX, toY] = gradients.map((gradient) => gradient.row(i));
    for (let k = 0; k < d; k += 1) {
      let at = k;
      const next = (): number => from[(at += d) - d];
      if (vectors) {
        toX[k] += next();
        toY[k] += next();
      }
      if (difference) {
        const each = next() * Math.sign(x[k] - y[k]);
        toX[k] += each;
        toY[k] -= each;
      }
      if (product) {
        const each = next();
        toX[k] += each * y[k];
        toY[k] += each * x[k];
      }
    }
  }
  return gradients;
}

function flipped({ data, rows, columns }: Matrix): Matrix {
  const out = Matrix.zeros(columns, rows);
  for (let i = 0; i < data.length; i += 1) out.data[(i % columns) * rows + Math.floor(i / columns)] = data[i];
  return out;
}

/** As torch's Linear begins: evenly between ± 1 / √inputs. */
function linearParameters(outputs: number, inputs: number, seed: number): [Parameter, Parameter] {
  const random = randomNumbers(seed);
  const bound = 1 / Math.sqrt(inputs);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => (random() * 2 - 1) * bound);
  return [
    { name: "classifier.weight", value: draw(outputs * inputs), shape: [outputs, inputs], decay: true },
    { name: "classifier.bias", value: draw(outputs), shape: [outputs], decay: false },
  ];
}
