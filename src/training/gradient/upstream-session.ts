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
import { collectGradients, gradientFetches, gradientPlaces } from "./gradients.ts";
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

export class UpstreamSession {
  readonly #parts: Parts;
  readonly #trainable: Trainable;
  readonly #gradients: Readonly<Record<string, SessionTensor>>;
  readonly #kept = new ReusedPlaces();
  #last: Record<string, SessionTensor> | undefined;

  private constructor(parts: Parts, trainable: Trainable) {
    this.#parts = parts;
    this.#trainable = trainable;
    this.#gradients = gradientPlaces(parts.pass, this.#shapeOf);
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

  /** The output for a batch; valid until the next call. */
  async forward(feeds: Readonly<Record<string, SessionTensor>>): Promise<SessionTensor> {
    const { forward, saved, output } = this.#parts;
    const all = { ...weightFeeds(forward, this.#trainable.weights), ...feeds };
    const key = Object.values(feeds)
      .map(({ shape }) => shape.join("x"))
      .join();
    const results = await this.#kept.run(key, (into) => forward.run(all, [output, ...saved], into));
    this.#last = { ...feeds, ...results };
    return results[output];
  }

  /** The gradients for the batch of the last {@link forward}; those of whole parameters are valid until the next call. */
  async backward(upstream: SessionTensor): Promise<Gradient[]> {
    const { backward, pass } = this.#parts;
    if (!this.#last) throw new SemspaceError("invalid-argument", "backward() comes after forward(), once for each.");
    const known: Readonly<Record<string, SessionTensor>> = {
      ...weightFeeds(backward, this.#trainable.weights),
      ...this.#last,
      [upstreamInput]: upstream,
    };
    this.#last = undefined;
    const feeds = Object.fromEntries(backward.inputs.map(({ name }) => [name, known[name]]));
    const results = await backward.run(feeds, gradientFetches(pass), this.#gradients);
    return collectGradients(results, pass, this.#shapeOf);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#parts.forward.dispose(), this.#parts.backward.dispose()]);
  }

  readonly #shapeOf = (name: string): readonly number[] => this.#trainable.weights.get(name)!.shape;
}
