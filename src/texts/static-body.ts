/** The body of an embedder on a static model. */
import type { TextBody } from "./text-body.ts";
import type { StaticModel } from "./static/index.ts";

export function createStaticBody(model: StaticModel): TextBody {
  const { name, dimensions, maxLength } = model;
  return {
    name,
    dimensions,
    maxLength,
    embed: (texts, output, job) => model.embed(texts, output, job),
    dispose: () => model.dispose(),
  };
}
