/**
 * Which model an index was made with: its name for messages, its fingerprint where the caller knows it, and the vector that it makes of a
 * fixed text, which tells models (and prompts, and ways of pooling) apart whatever they were loaded from.
 */
import { SemspaceError } from "../../errors.ts";
import type { Embedder } from "../../texts/embedder.ts";

export interface ModelIdentity {
  readonly name: string;
  readonly dimensions: number;
  readonly fingerprint?: string | undefined;
  readonly probe: readonly number[];
}

const PROBE = "A short text about cats, engines and soup, which tells models apart.";
/** int8 and float32 of one model lie above it, two models far below. */
const SAME = 0.98;

export async function modelIdentity(embedder: Embedder, fingerprint: string | undefined): Promise<ModelIdentity> {
  const probe = await embedder.encodeDocument(PROBE);
  return {
    name: embedder.name,
    dimensions: embedder.dimensions,
    ...(fingerprint !== undefined && { fingerprint }),
    probe: Array.from(probe, (value) => Number(value.toPrecision(6))),
  };
}

/** Throws `mismatch` that says which models these are and what to do. */
export function checkModel(path: string, made: ModelIdentity | undefined, given: ModelIdentity): void {
  if (!made || isSame(made, given)) return;
  const [old, now] = [made, given].map(({ name, dimensions }) => `${name} (${dimensions} dimensions)`);
  throw new SemspaceError(
    "mismatch",
    `The index ${path} was made with ${old}, you gave ${now}. Open it with the first, or make a new index with the second.`,
  );
}

function isSame(a: ModelIdentity, b: ModelIdentity): boolean {
  if (a.dimensions !== b.dimensions) return false;
  if (a.fingerprint !== undefined && b.fingerprint !== undefined && a.fingerprint !== b.fingerprint) return false;
  const [ab, aa, bb] = [product(a.probe, b.probe), product(a.probe, a.probe), product(b.probe, b.probe)];
  // Of zeros nothing is known.
  return aa === 0 || bb === 0 || ab / Math.sqrt(aa * bb) > SAME;
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
