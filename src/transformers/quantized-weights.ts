/**
 * Trained matrices as int8, made when a model is loaded: one scale an output, the largest weight of an output is ±64.
 * Not ±127: processors without VNNI add two products of a uint8 and an int8 in 16 bits, and 2 · 255 · 64 is the most that fits.
 * They follow each other in one file that is made tensor by tensor, so that no more than one is in memory as floats.
 */
import type { StoredTensor } from "../formats/onnx-writer.ts";

/** The file's name beside the graph; another way of rounding needs another name, for the file is found again by it. */
export const quantizedFile = "int8-weights";

/** A matrix and where its int8 form lies. */
export interface QuantizedTensor {
  /** Its name in the checkpoint. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Whether the checkpoint has it as [outputs, inputs]. */
  readonly transposed: boolean;
  /** int8 [inputs, outputs]. */
  readonly values: StoredTensor;
  /** float32 [outputs]: what one step is worth. */
  readonly scales: StoredTensor;
}

/** The largest weight of an output becomes ± this. */
const largestStep = 64;

/** Tensors start at multiples of this. */
const alignment = 64;
const aligned = (length: number): number => Math.ceil(length / alignment) * alignment;

/** The place of a matrix after `last`, or at the file's start. */
export function placeQuantized(
  tensor: Pick<QuantizedTensor, "name" | "inputs" | "outputs" | "transposed">,
  last: QuantizedTensor | undefined,
): QuantizedTensor {
  const { inputs, outputs } = tensor;
  const offset = last ? end(last) : 0;
  const length = inputs * outputs;
  return {
    ...tensor,
    values: { type: "int8", shape: [inputs, outputs], file: quantizedFile, offset, length },
    scales: {
      type: "float32",
      shape: [outputs],
      file: quantizedFile,
      offset: offset + aligned(length),
      length: outputs * 4,
    },
  };
}

/** Bytes of the whole file. */
export function quantizedLength(tensors: readonly QuantizedTensor[]): number {
  const last = tensors.at(-1);
  return last ? end(last) : 0;
}

/** The file's bytes, a tensor at a time; `read` gives a tensor of the checkpoint as float32. */
export async function* quantizedBytes(
  tensors: readonly QuantizedTensor[],
  read: (name: string) => Promise<Float32Array>,
): AsyncGenerator<Uint8Array> {
  for (const tensor of tensors) {
    const { values, scales } = quantizedMatrix(await read(tensor.name), tensor);
    const bytes = new Uint8Array(end(tensor) - tensor.values.offset);
    bytes.set(new Uint8Array(values.buffer));
    bytes.set(new Uint8Array(scales.buffer), tensor.scales.offset - tensor.values.offset);
    yield bytes;
  }
}

/** [outputs, inputs] when `transposed`, else [inputs, outputs], to int8 [inputs, outputs] and a scale an output; value ≈ int8 · scale. */
export function quantizedMatrix(
  weights: Float32Array,
  { inputs, outputs, transposed }: Pick<QuantizedTensor, "inputs" | "outputs" | "transposed">,
): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(inputs * outputs);
  const scales = new Float32Array(outputs);
  const [perOutput, perInput] = transposed ? [inputs, 1] : [1, outputs];
  for (let output = 0; output < outputs; output++) {
    const start = output * perOutput;
    let largest = 0;
    for (let i = 0; i < inputs; i++) largest = Math.max(largest, Math.abs(weights[start + i * perInput]));
    if (largest === 0) continue;
    scales[output] = largest / largestStep;
    const steps = largestStep / largest;
    for (let i = 0; i < inputs; i++) values[i * outputs + output] = Math.round(weights[start + i * perInput] * steps);
  }
  return { values, scales };
}

function end({ scales }: QuantizedTensor): number {
  return scales.offset + aligned(scales.length);
}
