/** A body whose vectors go through further modules: static embeddings followed by Normalize, Dense or LayerNorm. */
import { Matrix } from "../matrix/index.ts";
import type { TextBody } from "./text-body.ts";
import type { TextModule } from "./modules/module.ts";
import { applyModules, connectModules } from "./pipeline.ts";

/** Throws `mismatch` when the modules do not fit the body or each other. */
export function withModules(body: TextBody, modules: readonly TextModule[]): TextBody {
  if (modules.length === 0) return body;
  const dimensions = connectModules(modules, { sentence_embedding: body.dimensions }, body.name);
  return {
    name: body.name,
    dimensions,
    maxLength: body.maxLength,
    async embed(texts, output, job) {
      const rows = texts.length;
      // Modules that keep the length work in place, so their vectors need no second copy.
      const data = dimensions === body.dimensions ? output : new Float32Array(rows * body.dimensions);
      await body.embed(texts, data, job);
      const batch = { rows, columns: 0, mask: new Int32Array(), promptLength: 0 };
      const vectors = applyModules(modules, { sentence_embedding: new Matrix(data, rows, body.dimensions) }, batch);
      if (vectors.data !== output) output.set(vectors.data);
    },
    dispose: () => body.dispose(),
  };
}
