/** What a recommender keeps of its items' texts: whose vectors they are, and the map from them to the space of the sessions. */
import { Matrix } from "../../matrix/index.ts";
import { checkModel, type Encoder, encodeSettings, type ModelProbe } from "../model-probe.ts";
import type { CatalogItem } from "./catalog.ts";
import { type ContentMap, drawnToContent } from "./content-map.ts";
import type { Signal } from "./signal.ts";
import { VectorSignal } from "./vector-signal.ts";

export class ContentSpace {
  readonly model: ModelProbe;
  /** Undefined without sessions. */
  readonly map: ContentMap | undefined;

  constructor(model: ModelProbe, map: ContentMap | undefined) {
    this.model = model;
    this.map = map;
  }

  /** The signals with the items at the end of their vectors. Throws `mismatch` for another model. */
  async extended(items: readonly CatalogItem[], embedder: Encoder, signals: readonly Signal[]): Promise<Signal[]> {
    await checkModel(embedder, this.model, "recommender");
    const added = await encodeItems(items, embedder);
    return signals.map((signal): Signal => {
      if (!(signal instanceof VectorSignal)) return signal;
      if (signal.kind === "content") return new VectorSignal("content", below(signal.vectors, added));
      if (this.map === undefined) return signal;
      const none = Matrix.zeros(0, signal.vectors.columns);
      const placed = drawnToContent(none, added, { map: this.map, counts: [], strength: 1 });
      return new VectorSignal(signal.kind, below(signal.vectors, placed));
    });
  }
}

/** Unit vectors of the items' texts, [items, dimensions]; zeros for an item without a text. */
export async function encodeItems(
  items: readonly CatalogItem[],
  embedder: Encoder,
  options: { signal?: AbortSignal | undefined; onProgress?: ((done: number, total: number) => void) | undefined } = {},
): Promise<Matrix> {
  const rows = [...items.keys()].filter((i) => (items[i].text ?? "").trim() !== "");
  const { signal, onProgress } = options;
  const encoded = await embedder.encode(
    rows.map((i) => items[i].text!),
    {
      ...encodeSettings(undefined),
      ...(signal && { signal }),
      progress: ({ done }) => onProgress?.(done, rows.length),
    },
  );
  const vectors = Matrix.zeros(items.length, encoded.columns);
  for (const [row, i] of rows.entries()) vectors.row(i).set(encoded.row(row));
  return vectors;
}

function below(above: Matrix, rows: Matrix): Matrix {
  const result = Matrix.zeros(above.rows + rows.rows, above.columns);
  result.data.set(above.data);
  result.data.set(rows.data, above.data.length);
  return result;
}
