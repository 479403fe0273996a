/**
 * Communities: a row with enough rows at least as near as a cosine is the middle of one, the largest come first, and a row belongs to one
 * at most. As `community_detection` of sentence-transformers 6.2, with a list for every middle instead of all similarities in memory.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import type { Matrix } from "./matrix.ts";
import { eachProducts } from "./nearest-rows.ts";
import { normalized } from "./normalize.ts";

export interface CommunityOptions {
  /** Least cosine to the middle. Default 0.75. */
  threshold?: number;
  /** Rows of a community, at least. Default 10. */
  least?: number;
}

/** The rows of each community, the largest first; in it the middle first, then by cosine. Rows that are in none are left out. */
export function communities(matrix: Matrix, { threshold = 0.75, least = 10 }: CommunityOptions = {}): Int32Array[] {
  wholeNumber("least", least, 1);
  if (!(threshold >= -1 && threshold <= 1))
    throw new SemspaceError("invalid-argument", `threshold must be a cosine from -1 to 1, got ${threshold}.`);
  const limit = Math.fround(threshold);
  const found: { center: number; members: Int32Array }[] = [];
  eachProducts(normalized(matrix), (dots, center, stride) => {
    let count = 0;
    for (let i = 0; i < matrix.rows; i += 1) if (dots[i * stride] >= limit) count += 1;
    if (count < least) return;
    const members = new Int32Array(count);
    for (let i = 0, at = 0; i < matrix.rows; i += 1) if (dots[i * stride] >= limit) members[at++] = i;
    const cosines = Float32Array.from({ length: matrix.rows }, (_, i) => dots[i * stride]);
    found.push({ center, members: members.sort((a, b) => cosines[b] - cosines[a] || a - b) });
  });
  const used = new Uint8Array(matrix.rows);
  const unique: Int32Array[] = [];
  for (const { center, members } of found.toSorted((a, b) => b.members.length - a.members.length)) {
    if (used[center]) continue;
    const free = members.filter((row) => !used[row]);
    if (free.length < least) continue;
    const community = Int32Array.from([center, ...free.filter((row) => row !== center)]);
    for (const row of community) used[row] = 1;
    unique.push(community);
  }
  return unique.toSorted((a, b) => b.length - a.length);
}
