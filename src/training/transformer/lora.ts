/**
 * Low-rank adapters (Hu et al. 2021, https://arxiv.org/abs/2106.09685): beside a linear layer x Wᵀ + b stands (x Aᵀ) Bᵀ · alpha / rank, and only A [rank, inputs] and
 * B [outputs, rank] learn. A begins at random (as torch's Linear: uniform within ± 1/√inputs), B at 0, so that the model begins as it was. Saving adds the product to W.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { OnnxNode } from "../../formats/onnx-writer.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { NodeWriter } from "../gradient/node-writer.ts";
import type { Weight } from "../gradient/trainable.ts";
import type { DrawnModel } from "./draw.ts";
import { layerOf } from "./trained-part.ts";

export interface LoraOptions {
  /** Default 8. */
  readonly rank?: number | undefined;
  /** Default twice the rank. */
  readonly alpha?: number | undefined;
  /** Which linear layers get an adapter, by the names of their weights. Default: all within the layers of the transformer. */
  readonly targets?: RegExp | undefined;
  /** Of A. Default 42. */
  readonly seed?: number | undefined;
}

export interface Adapted {
  readonly model: DrawnModel;
  /** The names of the adapters' matrices. */
  readonly trained: ReadonlySet<string>;
  /** The weights with the adapters' products added. */
  readonly merged: () => Map<string, Weight>;
}

interface Adapter {
  readonly weight: string;
  /** Whether the weight is stored [outputs, inputs]. */
  readonly isTransposed: boolean;
}

const downName = (weight: string): string => `${weight}.lora_A`;
const upName = (weight: string): string => `${weight}.lora_B`;

/** Throws `invalid-argument` when no layer is a target, or the rank is none. */
export function addLora({ graph, weights }: DrawnModel, options: LoraOptions = {}): Adapted {
  const { rank = 8, targets, seed = 42 } = options;
  wholeNumber("rank", rank, 1);
  const scale = (options.alpha ?? 2 * rank) / rank;
  const adapters: Adapter[] = [];
  const out = new NodeWriter("lora/");
  const isTarget = (name: string) => weights.has(name) && (targets ? targets.test(name) : layerOf(name) !== undefined);
  const nodes = graph.nodes.flatMap((node): readonly OnnxNode[] => {
    if (node.operator !== "Gemm" || !isTarget(node.inputs[1])) return [node];
    const isTransposed = node.attributes["transB"] !== undefined;
    if (!adapters.some(({ weight }) => weight === node.inputs[1]))
      adapters.push({ weight: node.inputs[1], isTransposed });
    return withAdapter(node, out, scale);
  });
  if (adapters.length === 0) {
    const message = `No linear layer is a target of LoRA. Weights are called ${[...weights.keys()].slice(0, 6).join(", ")} ….`;
    throw new SemspaceError("invalid-argument", message);
  }
  const added = new Map(adapters.flatMap((adapter, i) => beginning(adapter, weights, { rank, seed: seed + i })));
  const inputs = [...added].map(([name, { shape }]) => ({ name, type: "float32" as const, shape }));
  const constants = new Map([...graph.constants, ...out.constants]);
  return {
    model: {
      graph: { ...graph, nodes, constants, inputs: [...graph.inputs, ...inputs] },
      weights: new Map([...weights, ...added]),
    },
    trained: new Set(added.keys()),
    merged: () => {
      const sums = adapters.map(
        ({ weight, isTransposed }) => [weight, sumOf(weight, added, { weights, isTransposed, scale })] as const,
      );
      return new Map([...weights, ...sums]);
    },
  };
}

function withAdapter(node: OnnxNode, out: NodeWriter, scale: number): OnnxNode[] {
  const [x, weight] = node.inputs;
  const before = out.nodes.length;
  const transposed = { transB: { int: 1 } };
  const narrow = out.node("Gemm", [x, downName(weight)], transposed);
  const wide = out.mul(out.node("Gemm", [narrow, upName(weight)], transposed), out.scalar(scale));
  const plain = `${node.outputs[0]} without adapter`;
  return [
    { ...node, outputs: [plain] },
    ...out.nodes.slice(before),
    { operator: "Add", domain: "", inputs: [plain, wide], outputs: node.outputs, attributes: {} },
  ];
}

function beginning(
  { weight, isTransposed }: Adapter,
  weights: ReadonlyMap<string, Weight>,
  { rank, seed }: { rank: number; seed: number },
): (readonly [string, Weight])[] {
  const { shape } = weights.get(weight)!;
  const [outputs, inputs] = isTransposed ? shape : shape.toReversed();
  const random = randomNumbers(seed);
  const bound = 1 / Math.sqrt(inputs);
  const down = Float32Array.from({ length: rank * inputs }, () => (2 * random() - 1) * bound);
  return [
    [downName(weight), { value: down, shape: [rank, inputs] }],
    [upName(weight), { value: new Float32Array(outputs * rank), shape: [outputs, rank] }],
  ];
}

/** W + scale · B A, or its transpose where the weight is stored [inputs, outputs]. */
function sumOf(
  weight: string,
  added: ReadonlyMap<string, Weight>,
  { weights, isTransposed, scale }: { weights: ReadonlyMap<string, Weight>; isTransposed: boolean; scale: number },
): Weight {
  const { value, shape } = weights.get(weight)!;
  const down = added.get(downName(weight))!;
  const up = added.get(upName(weight))!;
  const [rank, inputs] = down.shape;
  const outputs = up.shape[0];
  const sum = value.slice();
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < inputs; i += 1) {
      let dot = 0;
      for (let r = 0; r < rank; r += 1) dot += up.value[o * rank + r] * down.value[r * inputs + i];
      sum[isTransposed ? o * inputs + i : i * outputs + o] += scale * dot;
    }
  }
  return { value: sum, shape };
}
