/** Search hits that show each text once: copies of a file would otherwise fill the list. */
import type { Passage } from "../documents/index.ts";
import type { SearchHit, SearchIndex, SearchOptions } from "../search/search-index.ts";

export interface DistinctHit extends SearchHit<Passage> {
  /** The other places where the same text stands, in the order that the files were read. */
  also: readonly Passage[];
}

/** The `top` best texts; of equal ones the best place is the hit. */
export async function searchDistinct(
  index: SearchIndex<Passage>,
  query: string,
  { top, mode }: Required<SearchOptions>,
): Promise<DistinctHit[]> {
  const best = await bestTexts(index, query, { top, mode });
  const places = new Map<string, Passage[]>([...best.keys()].map((text) => [text, []]));
  for (const passage of index.items) places.get(passage.text)?.push(passage);
  return [...best.values()].map(({ item, index: at, score }) => {
    const also = places.get(item.text)!.filter((passage) => passage !== item);
    return { item, index: at, score, also };
  });
}

/** Asks for more hits until there are enough different texts or no more hits. */
async function bestTexts(
  index: SearchIndex<Passage>,
  query: string,
  { top, mode }: Required<SearchOptions>,
): Promise<Map<string, SearchHit<Passage>>> {
  for (let asked = Math.min(2 * top, index.size); ; asked = Math.min(8 * asked, index.size)) {
    const hits = await index.search(query, { top: asked, mode });
    const best = new Map<string, SearchHit<Passage>>();
    for (const hit of hits) if (best.size < top && !best.has(hit.item.text)) best.set(hit.item.text, hit);
    if (best.size === top || hits.length < asked || asked === index.size) return best;
  }
}
