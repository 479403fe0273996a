/**
 * A folder with a ready ONNX export (`onnx/model.onnx` as Optimum and transformers.js keep it, or `model.onnx`):
 * what goes in and what comes out is read from the file itself, config.json is not needed.
 */
import { SemspaceError } from "../errors.ts";
import { type ModelFolder, readJsonIfPresent } from "../hub/folder.ts";
import { readArchitecture } from "./architectures/index.ts";
import type { TransformerConfig } from "./config.ts";
import { refuseDtypeOfExport } from "./dtype.ts";
import { feedsOf } from "./feeds.ts";
import { openFirst, type Session, type SessionOptions, type SessionSource } from "./session.ts";
import { SessionTransformer, type Transformer, type TransformerParts } from "./transformer.ts";

/** Where an export lies, the first that is there; the last two are its quantised forms, as transformers.js names them. */
const onnxPaths = ["onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model_q4.onnx"] as const;
/** What exporters call the file of weights beside an export of more than 2 GB. */
const dataSuffixes = ["_data", ".data"] as const;
/** What exporters call the output with one vector a token. */
const hiddenNames: ReadonlySet<string> = new Set(["last_hidden_state", "token_embeddings"]);

/** The path of a ready export in the folder, or undefined. */
export async function findOnnx(folder: ModelFolder): Promise<string | undefined> {
  for (const path of onnxPaths) if ((await folder.size(path)) !== undefined) return path;
  return undefined;
}

/** Opens the export. Throws `unsupported` when it asks for other inputs than tokens, or gives no vectors of tokens. */
export async function openOnnxFolder(
  folder: ModelFolder,
  path: string,
  options: SessionOptions & Pick<TransformerParts, "onWarning">,
): Promise<Transformer> {
  const name = `${path} in ${folder.name}`;
  refuseDtypeOfExport(options, name);
  const session = await openFirst(onnxSources(folder, path), options);
  const output =
    session.outputs.find((value) => hiddenNames.has(value.name)) ??
    session.outputs.find(({ shape, type }) => shape.length === 3 && type.startsWith("float"));
  if (!output) {
    const got = session.outputs.map((value) => `${value.name} [${value.shape.join(", ")}]`).join(", ");
    throw new SemspaceError(
      "unsupported",
      `${name} gives ${got}. An output of three dimensions is needed: rows, tokens, values.`,
    );
  }
  if (!hiddenNames.has(output.name)) await refuseLogits(folder, path);
  const known = await onnxLimits(folder);
  const feeds = feedsOf(session.inputs, name, known.config?.typeVocabularySize);
  const declared = output.shape[2];
  return new SessionTransformer({
    session,
    ...known,
    dimensions: typeof declared === "number" ? declared : await measuredDimensions(session, feeds, output.name),
    outputs: { hidden: output.name },
    feeds,
    onWarning: options.onWarning,
  });
}

/** The three dimensions of these exports are scores of labels or of the vocabulary, which would pass for vectors of tokens. */
async function refuseLogits(folder: ModelFolder, path: string): Promise<void> {
  const json = await readJsonIfPresent<{ architectures?: unknown }>(folder, "config.json");
  const [name] = Array.isArray(json?.architectures) ? (json.architectures as unknown[]) : [];
  if (typeof name !== "string" || !/For(?:TokenClassification|MaskedLM|CausalLM)$|LMHeadModel$/.test(name)) return;
  throw new SemspaceError(
    "unsupported",
    `${path} in ${folder.name} is exported as ${name}: it gives scores, no vectors of tokens. Export it without its head, or load it for its task (semspace/tasks).`,
  );
}

/** The file where it lies, which ONNX Runtime maps; or all as bytes, for folders that are not on disk or made of symbolic links. */
export function onnxSources(folder: ModelFolder, path: string): (() => Promise<SessionSource | undefined>)[] {
  const inMemory = async (): Promise<SessionSource> => {
    const externalData = [];
    for (const suffix of dataSuffixes) {
      const file = `${path}${suffix}`;
      if ((await folder.size(file)) !== undefined) {
        externalData.push({ path: file.slice(file.lastIndexOf("/") + 1), data: await folder.read(file) });
      }
    }
    return { model: await folder.read(path), externalData };
  };
  const location = folder.location(path);
  if (location === undefined) return [inMemory];
  const onDisk = async (): Promise<SessionSource> => {
    for (const file of [path, ...dataSuffixes.map((suffix) => `${path}${suffix}`)]) {
      if ((await folder.size(file)) !== undefined) await folder.prepare?.(file);
    }
    return { model: location };
  };
  return [onDisk, inMemory];
}

/** What config.json, where there is one for an architecture that is known, says about the tokens that the model takes. */
export async function onnxLimits(
  folder: ModelFolder,
): Promise<{ config?: TransformerConfig; maxPositions?: number; vocabularySize?: number }> {
  const json = await readJsonIfPresent<Record<string, unknown>>(folder, "config.json");
  if (!json) return {};
  try {
    const { architecture, config } = readArchitecture(json, `config.json in ${folder.name}`);
    return { config, maxPositions: architecture.maxPositions(config), vocabularySize: config.vocabularySize };
  } catch {
    // The export may be of an architecture that is not built here, with other keys.
    return {};
  }
}

async function measuredDimensions(
  session: Session,
  feeds: ReturnType<typeof feedsOf>,
  output: string,
): Promise<number> {
  const one = { ids: new Int32Array(1), attentionMask: Int32Array.of(1), rows: 1, columns: 1 };
  return (await session.run(feeds(one), [output]))[output].data.length;
}
