/** Search hits that show each text once: copies of a file would otherwise fill the list. */
import type { Passage } from "../documents/index.ts";
import type { SearchMode } from "../search/index-options.ts";
import type { SearchIndex } from "../search/search-index.ts";

export interface DistinctHit {
  item: Passage;
  score: number;
  /** The other places where the same text stands, in the order that the files were read. */
  also: readonly Passage[];
}

/** An index and the passages that it was filled with, in order. */
export interface SearchedPassages {
  index: SearchIndex;
  passages: readonly Passage[];
}

interface Request {
  top: number;
  mode: SearchMode;
}

/** The `top` best texts; of equal ones the best place is the hit. */
export async function searchDistinct(
  searched: SearchedPassages,
  query: string,
  request: Request,
): Promise<DistinctHit[]> {
  const best = await bestTexts(searched, query, request);
  const places = new Map<string, Passage[]>([...best.keys()].map((text) => [text, []]));
  for (const passage of searched.passages) places.get(passage.text)?.push(passage);
  return [...best.values()].map(({ item, score }) => {
    const also = places.get(item.text)!.filter((passage) => passage !== item);
    return { item, score, also };
  });
}

/** Asks for more hits until there are enough different texts or no more hits. */
async function bestTexts(
  { index, passages }: SearchedPassages,
  query: string,
  { top, mode }: Request,
): Promise<Map<string, { item: Passage; score: number }>> {
  const size = passages.length;
  for (let asked = Math.min(2 * top, size); ; asked = Math.min(8 * asked, size)) {
    const hits = await index.search(query, { k: asked, mode });
    const best = new Map<string, { item: Passage; score: number }>();
    for (const { id, score } of hits) {
      const item = passages[Number(id)];
      if (best.size < top && !best.has(item.text)) best.set(item.text, { item, score });
    }
    if (best.size === top || hits.length < asked || asked === size) return best;
  }
}
