/** A thread of a {@link StaticPool}: gets the model's parts once, then texts, and gives back their vectors. */
import { parentThread } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { createStaticModel, type StaticModel, type StaticModelOptions } from "./static-model.ts";
import type { StaticModelParts, StaticReading } from "./static-parts.ts";

/** What the pool sends first. */
export interface WorkerStart {
  parts: StaticModelParts;
  options: StaticModelOptions & { reading: StaticReading; name: string };
}

/** What comes back for each message, in order: vectors, or what went wrong. */
export type WorkerAnswer = Float32Array | { code: string; message: string };

const parent = parentThread();
let model: Promise<StaticModel> | undefined;

parent?.listen((message) => {
  if (Array.isArray(message)) void answer(message as string[]);
  else {
    const { parts, options } = message as WorkerStart;
    model = createStaticModel(parts, options);
    // Who asks for vectors hears of a model that cannot be made.
    model.catch(() => undefined);
  }
});

async function answer(texts: readonly string[]): Promise<void> {
  try {
    const { data } = (await model!).encodeTexts(texts);
    parent!.post(data, [data.buffer as ArrayBuffer]);
  } catch (error) {
    const code = error instanceof SemspaceError ? error.code : "unavailable";
    parent!.post({ code, message: error instanceof Error ? error.message : String(error) });
  }
}
