/**
 * A graph whose loss is computed between two runs: the first gives the output and keeps in memory what the second needs; the second takes the
 * derivative of the loss by the output and gives the gradients. Nothing big is computed twice, and what is kept is written where it was in the last batch.
 */
import { SemspaceError } from "../../errors.ts";
import type { OnnxValue } from "../../formats/onnx-writer.ts";
import { writeOnnx } from "../../formats/onnx-writer.ts";
import { disposeOnError } from "../../transformers/dispose-on-error.ts";
import { openSession, type Session, type SessionOptions, type SessionTensor } from "../../transformers/session.ts";
import type { Gradient } from "../parameters.ts";
import { differentiate, type ReversePass } from "./differentiate.ts";
import { addGradients, collectGradients, gradientFetches, gradientPlaces } from "./gradients.ts";
import { splitPasses } from "./passes.ts";
import { ReusedPlaces } from "./reused-places.ts";
import { sampleShapes } from "./sample-shapes.ts";
import { type Trainable, weightFeeds } from "./trainable.ts";

const upstreamInput = "upstream";

interface Parts {
  readonly forward: Session;
  readonly backward: Session;
  readonly pass: ReversePass;
  readonly saved: readonly string[];
  readonly output: string;
}

/** A part of a batch between its two runs. */
interface Part {
  readonly kept: ReusedPlaces;
  readonly gradients: Readonly<Record<string, SessionTensor>>;
  last: Record<string, SessionTensor> | undefined;
}

export class UpstreamSession {
  readonly #parts: Parts;
  readonly #trainable: Trainable;
  readonly #batch: Part[] = [];

  private constructor(parts: Parts, trainable: Trainable) {
    this.#parts = parts;
    this.#trainable = trainable;
  }

  /** @param output the graph's output that the loss is of. Throws `unsupported` for an operator whose derivative is not known. */
  static async open(trainable: Trainable, output: string, options: SessionOptions = {}): Promise<UpstreamSession> {
    const { graph, trained } = trainable;
    const shapes = await sampleShapes(graph, options);
    const pass = differentiate(graph, { parameters: trained, upstream: new Map([[output, upstreamInput]]), shapes });
    const { shape } = graph.outputs.find(({ name }) => name === output)!;
    const upstream: OnnxValue = { name: upstreamInput, type: "float32", shape };
    const split = splitPasses(graph, pass, { shapes, upstream: [upstream] });
    const forward = await openSession({ model: writeOnnx(split.forward), variesMuch: true }, options);
    return disposeOnError(forward, async () => {
      const backward = await openSession({ model: writeOnnx(split.backward), variesMuch: true }, options);
      const saved = split.saved.map(({ name }) => name);
      return new UpstreamSession({ ...{ forward, backward, pass, saved, output } }, trainable);
    });
  }

  /** The output for each part of a batch; valid until the next call. Parts are for rows of different lengths, each padded to its own. */
  async forward(batch: readonly Readonly<Record<string, SessionTensor>>[]): Promise<SessionTensor[]> {
    const { forward, saved, output, pass } = this.#parts;
    const weights = weightFeeds(forward, this.#trainable.weights);
    const results: SessionTensor[] = [];
    for (const part of this.#batch) part.last = undefined;
    for (const [i, feeds] of batch.entries()) {
      this.#batch[i] ??= { kept: new ReusedPlaces(), gradients: gradientPlaces(pass, this.#shapeOf), last: undefined };
      const key = Object.values(feeds)
        .map(({ shape }) => shape.join("x"))
        .join();
      const run = (into: Readonly<Record<string, SessionTensor>>) =>
        forward.run({ ...weights, ...feeds }, [output, ...saved], into);
      // oxlint-disable-next-line no-await-in-loop -- one part after the other: each takes all threads
      const values = await this.#batch[i].kept.run(key, run);
      this.#batch[i].last = { ...feeds, ...values };
      results.push(values[output]);
    }
    return results;
  }

  /** The gradients for the batch of the last {@link forward}, given the derivative of each part's output; those of whole parameters are valid until the next call. */
  async backward(upstream: readonly SessionTensor[]): Promise<Gradient[]> {
    const { backward, pass } = this.#parts;
    const weights = weightFeeds(backward, this.#trainable.weights);
    let sum: Gradient[] | undefined;
    for (const [i, derivative] of upstream.entries()) {
      const part = this.#batch[i];
      if (!part?.last) throw new SemspaceError("invalid-argument", "backward() comes after forward(), once for each.");
      const known: Readonly<Record<string, SessionTensor>> = { ...weights, ...part.last, [upstreamInput]: derivative };
      part.last = undefined;
      const feeds = Object.fromEntries(backward.inputs.map(({ name }) => [name, known[name]]));
      // oxlint-disable-next-line no-await-in-loop
      const results = await backward.run(feeds, gradientFetches(pass), part.gradients);
      const gradients = collectGradients(results, pass, this.#shapeOf);
      sum = sum ? addGradients(sum, gradients, this.#shapeOf) : gradients;
    }
    return sum ?? [];
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#parts.forward.dispose(), this.#parts.backward.dispose()]);
  }

  readonly #shapeOf = (name: string): readonly number[] => this.#trainable.weights.get(name)!.shape;
}
