/** MovieLens-100k as sequences of films by time (ties by item id), and its films with their genres and year. Every rating counts as taken. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sequencesOf } from "../src/evaluation/index.ts";
import type { CatalogItem } from "../src/tasks/recommendation/index.ts";
import { need, sharedData } from "./harness.ts";

const genres = [
  ...["unknown", "action", "adventure", "animation", "children", "comedy", "crime", "documentary", "drama", "fantasy"],
  ...["film noir", "horror", "musical", "mystery", "romance", "science fiction", "thriller", "war", "western"],
];

export function readMovieLens(): { sequences: string[][]; films: CatalogItem[] } {
  const folder = join(sharedData, "recommendation/movielens-100k");
  need(folder, "MovieLens-100k");
  const lines = (name: string, encoding: string): string[][] =>
    new TextDecoder(encoding)
      .decode(readFileSync(join(folder, name)))
      .trim()
      .split("\n")
      .map((line) => line.split(/[\t|]/));
  const ratings = lines("u.data", "utf8").map(([user, item, , time]) => ({ user, item, time: Number(time) }));
  const films = lines("u.item", "latin1").map(([id, title, , , , ...flags]): CatalogItem => {
    const own = genres.filter((_, i) => flags[i] === "1");
    const year = Number(/\((\d{4})\)/.exec(title)?.[1] ?? 0);
    return {
      id,
      text: `${title.replace(/ \(\d{4}\)/, "")}. ${own.join(", ")}`,
      metadata: { title, genres: own, year },
    };
  });
  return { sequences: [...sequencesOf(ratings).values()], films };
}
