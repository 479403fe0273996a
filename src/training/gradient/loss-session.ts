/** A graph with its loss in it: one run gives the graph's outputs and the gradients of the parameters. */
import { type NodeWriter } from "./node-writer.ts";
import type { OnnxValue } from "../../formats/onnx-writer.ts";
import { writeOnnx } from "../../formats/onnx-writer.ts";
import { openSession, type Session, type SessionOptions, type SessionTensor } from "../../transformers/session.ts";
import type { Gradient } from "../parameters.ts";
import { differentiate, type ReversePass } from "./differentiate.ts";
import { collectGradients, gradientFetches, gradientPlaces } from "./gradients.ts";
import { joinPasses } from "./passes.ts";
import { sampleShapes } from "./sample-shapes.ts";
import { type Trainable, weightFeeds } from "./trainable.ts";

/** What stands between the passes: a loss and its derivative, in operators. */
export interface LossInGraph {
  /** Its nodes come after those of the graph. */
  readonly writer: NodeWriter;
  /** What it reads besides the graph's values: labels, weights, or the upstream itself. */
  readonly inputs: readonly OnnxValue[];
  /** Its results that are given out. */
  readonly outputs: readonly OnnxValue[];
  /** From values of the graph to the names of their derivatives. */
  readonly upstream: ReadonlyMap<string, string>;
}

export class LossSession {
  readonly #session: Session;
  readonly #pass: ReversePass;
  readonly #trainable: Trainable;
  readonly #places: Readonly<Record<string, SessionTensor>>;

  private constructor(session: Session, pass: ReversePass, trainable: Trainable) {
    this.#session = session;
    this.#pass = pass;
    this.#trainable = trainable;
    this.#places = gradientPlaces(pass, this.#shapeOf);
  }

  /** Throws `unsupported` for an operator whose derivative is not known. */
  static async open(trainable: Trainable, loss: LossInGraph, options: SessionOptions = {}): Promise<LossSession> {
    const { graph, trained } = trainable;
    const shapes = await sampleShapes(graph, options);
    const pass = differentiate(graph, { parameters: trained, upstream: loss.upstream, shapes });
    const whole = {
      ...graph,
      inputs: [...graph.inputs, ...loss.inputs],
      outputs: [...graph.outputs, ...loss.outputs],
    };
    const withLoss: ReversePass = {
      ...pass,
      forward: [...pass.forward, ...loss.writer.nodes],
      constants: new Map([...pass.constants, ...loss.writer.constants]),
    };
    const model = writeOnnx(joinPasses(whole, withLoss));
    return new LossSession(await openSession({ model, variesMuch: true }, options), pass, trainable);
  }

  /** Whether the graph has an input of this name. */
  reads(input: string): boolean {
    return this.#session.inputs.some(({ name }) => name === input);
  }

  /** The outputs that `fetch` names, and the gradients; those of whole parameters are valid until the next call. */
  async run(
    feeds: Readonly<Record<string, SessionTensor>>,
    fetch: readonly string[],
  ): Promise<{ outputs: Record<string, SessionTensor>; gradients: Gradient[] }> {
    const all = { ...weightFeeds(this.#session, this.#trainable.weights), ...feeds };
    const outputs = await this.#session.run(all, [...fetch, ...gradientFetches(this.#pass)], this.#places);
    return { outputs, gradients: collectGradients(outputs, this.#pass, this.#shapeOf) };
  }

  /** The outputs alone. */
  look(
    feeds: Readonly<Record<string, SessionTensor>>,
    fetch: readonly string[],
  ): Promise<Record<string, SessionTensor>> {
    return this.#session.run({ ...weightFeeds(this.#session, this.#trainable.weights), ...feeds }, fetch);
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }

  readonly #shapeOf = (name: string): readonly number[] => this.#trainable.weights.get(name)!.shape;
}
