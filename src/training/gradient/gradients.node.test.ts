import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GoldenCheckpoint } from "../../../test/golden-states.ts";
import { openFolder } from "../../hub/folder.ts";
import type { SessionTensor } from "../../transformers/session.ts";
import { clipGradients } from "../gradients.ts";
import { adamW } from "../optimizers/adamw.ts";
import type { Gradient } from "../parameters.ts";
import { drawModel, type DrawnEncoder } from "../transformer/draw.ts";
import { drawTokenLogits, positionFeed } from "../transformer/token-logits.ts";
import { parametersOf } from "../transformer/trained-weights.ts";
import { checkpointSource } from "../transformer/weight-source.ts";
import { crossEntropy, labelFeeds, lossOutput } from "./cross-entropy.ts";
import { LossSession } from "./loss-session.ts";
import { UpstreamSession } from "./upstream-session.ts";
import type { Trainable } from "./trainable.ts";

interface Golden extends Omit<GoldenCheckpoint, "hidden"> {
  labels?: number[];
  loss?: number;
  losses?: number[];
  gradients: Record<string, string>;
}

/** A race does not show in every run; two models are asked often. */
const repeats = ({ name }: Golden) => (name.startsWith("bert") ? 20 : 3);

const folder = join(import.meta.dirname, "../../../test/golden/gradients");
const goldens = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Golden[];

function feedsOf({ ids, mask, types, rows, columns }: Golden, { graph }: Trainable): Record<string, SessionTensor> {
  const hasTypes = graph.inputs.some(({ name }) => name === "token_type_ids");
  const tensor = (values: readonly number[]) => ({
    type: "int32",
    data: Int32Array.from(values),
    shape: [rows, columns],
  });
  const typeIds = tensor(types ?? ids.map(() => 0));
  return { input_ids: tensor(ids), attention_mask: tensor(mask), ...(hasTypes ? { token_type_ids: typeIds } : {}) };
}

/** What the loss reads; a causal model is asked for the token `shift` places on. */
function askedOf({ labels, columns }: Golden, shift: number): Record<string, SessionTensor> {
  const positions = labels!.flatMap((label, i) => (label >= 0 && i % columns >= shift ? [i - shift] : []));
  const answers = Int32Array.from(positions, (position) => labels![position + shift]);
  return { ...positionFeed(positions), ...labelFeeds(answers) };
}

async function trainableOf(golden: Golden, finish: (encoder: DrawnEncoder) => void) {
  const source = await checkpointSource(await openFolder(join(folder, golden.name)));
  const { graph, weights } = await drawModel(source, finish);
  const trainable: Trainable = { graph, weights, trained: new Set(weights.keys()) };
  return { source, trainable };
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** The whole gradient of a parameter. */
function whole({ dense, rows }: Gradient, length: number, columns: number): Float32Array {
  if (dense) return dense.slice();
  const out = new Float32Array(length);
  for (const [i, id] of rows!.ids.entries())
    out.set(rows!.values.subarray(i * columns, (i + 1) * columns), id * columns);
  return out;
}

/** Of every parameter: |ours − torch's| / |torch's|, where torch's is no rounding noise (the bias of attention's keys has the gradient 0). */
function differences(
  golden: Golden,
  gradients: readonly Gradient[],
  names: (name: string) => string,
  shapes: Trainable["weights"],
) {
  const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  const expected = new Map(Object.entries(golden.gradients).map(([name, text]) => [name, floats(text)]));
  const largest = Math.max(...[...expected.values()].map(norm));
  expect(gradients.map(({ parameter }) => names(parameter)).toSorted()).toEqual([...expected.keys()].toSorted());
  return gradients.map((gradient) => {
    const wanted = expected.get(names(gradient.parameter))!;
    const got = whole(gradient, wanted.length, shapes.get(gradient.parameter)!.shape[1]);
    const difference = norm(wanted.map((value, i) => value - got[i]));
    const isNoise = norm(wanted) < 1e-5 * largest;
    return { parameter: gradient.parameter, relative: isNoise ? difference / largest : difference / norm(wanted) };
  });
}

test.each(goldens.filter(({ labels }) => !labels))(
  "all gradients of $name from an upstream are torch's, every time the same bits with two threads",
  async (golden) => {
    const { source, trainable } = await trainableOf(golden, ({ g, states, config }) =>
      g.output("hidden", states.hidden, ["rows", "columns", config.hiddenSize]),
    );
    const session = await UpstreamSession.open(trainable, "hidden", { threads: 2 });
    const size = source.config.hiddenSize;
    const shape = [golden.rows, golden.columns, size];
    const data = Float32Array.from(
      { length: golden.mask.length * size },
      (_, i) => Math.sin(i) * golden.mask[Math.floor(i / size)],
    );
    const once = async () => {
      await session.forward([feedsOf(golden, trainable)]);
      return session.backward([{ type: "float32", data, shape }]);
    };
    const first = structuredClone(await once());
    const worst = differences(golden, first, (name) => source.nameOf(name), trainable.weights).toSorted(
      (a, b) => b.relative - a.relative,
    )[0];
    expect(worst.relative, worst.parameter).toBeLessThan(1e-5);
    for (let i = 0; i < repeats(golden); i += 1) expect(await once()).toEqual(first);
    await session.dispose();
  },
);

test.each(goldens.filter(({ labels }) => labels))(
  "the loss of $name and its gradients are torch's, every time the same bits with two threads",
  async (golden) => {
    const { source, trainable } = await trainableOf(golden, drawTokenLogits);
    const session = await LossSession.open(trainable, crossEntropy("logits"), { threads: 2 });
    const feeds = { ...feedsOf(golden, trainable), ...askedOf(golden, source.architecture.causal ? 1 : 0) };
    const once = () => session.run(feeds, [lossOutput]);
    const { outputs, gradients } = structuredClone(await once());
    expect((outputs[lossOutput].data as Float32Array)[0]).toBeCloseTo(golden.loss!, 5);
    const worst = differences(golden, gradients, (name) => source.nameOf(name), trainable.weights).toSorted(
      (a, b) => b.relative - a.relative,
    )[0];
    expect(worst.relative, worst.parameter).toBeLessThan(1e-5);
    for (let i = 0; i < repeats(golden); i += 1) expect((await once()).gradients).toEqual(gradients);
    await session.dispose();
  },
);

test.each(goldens.filter(({ losses }) => losses))("fifty steps of $name give torch's losses", async (golden) => {
  const { source, trainable } = await trainableOf(golden, drawTokenLogits);
  const session = await LossSession.open(trainable, crossEntropy("logits"), { threads: 1 });
  const parameters = parametersOf(trainable.weights);
  const optimizer = adamW(parameters, { weightDecay: 0.01 });
  const feeds = { ...feedsOf(golden, trainable), ...askedOf(golden, source.architecture.causal ? 1 : 0) };
  for (const [step, expected] of golden.losses!.entries()) {
    const { outputs, gradients } = await session.run(feeds, [lossOutput]);
    const loss = (outputs[lossOutput].data as Float32Array)[0];
    expect(Math.abs(loss - expected) / expected, `step ${step + 1}`).toBeLessThan(1e-4);
    clipGradients(gradients, 1);
    optimizer.step(gradients, 0.003);
  }
  await session.dispose();
});
