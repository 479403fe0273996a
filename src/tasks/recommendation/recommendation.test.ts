import { beforeAll, expect, test } from "vitest";
import { embedderOf } from "../../../test/embedder-of.ts";
import { evaluateRecommendation, leaveLastOut, sequencesOf } from "../../evaluation/index.ts";
import {
  createRecommender,
  loadRecommender,
  type Recommender,
  type RecommenderOptions,
  recommenderBytes,
} from "./index.ts";

/** Two worlds: whoever takes a film takes films, whoever takes a book takes books. */
const worlds = { film: 6, book: 6 };
function sessionsOf(count: number): string[][] {
  let state = 7;
  const random = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  return Array.from({ length: count }, (_, i) => {
    const world = i % 2 === 0 ? "film" : "book";
    const first = random(worlds[world]);
    // Neighbours on a circle, in order.
    return Array.from({ length: 4 }, (__, j) => `${world}${(first + j) % worlds[world]}`);
  });
}
const sessions = sessionsOf(120);
const ids = Object.entries(worlds).flatMap(([world, n]) => Array.from({ length: n }, (_, i) => `${world}${i}`));
const vectors = Object.fromEntries(
  [...ids, "film new"].map((id, i) => [id, id.startsWith("film") ? [1, 0.02 * i, 0.1] : [0.02 * i, 1, 0.1]]),
);
const probe = "Which model is this? 17 blue keys lie under the bridge; München, 北京.";
const embedder = embedderOf({ ...vectors, [probe]: [0.5, 0.5, 0.5] });
const items = ids.map((id, i) => ({ id, text: id, metadata: { even: i % 2 === 0, world: id.slice(0, 4) } }));
const options = { epochs: 30, dimensions: 16, window: 4 };

let both: Recommender;
beforeAll(async () => {
  both = await createRecommender(
    { sessions: new Map(sessions.map((one, i) => [`user ${i}`, one])), items, embedder },
    options,
  );
});

const names = (list: readonly { item: string }[]): string[] => list.map(({ item }) => item);

test("items of the same world are similar, and the item itself is not among them", () => {
  const found = names(both.similar("film2", { top: 5 }));
  expect(found.every((id) => id.startsWith("film"))).toBe(true);
  expect(found).not.toContain("film2");
});

test("what comes next in a session is what was taken near its items", () => {
  expect(["film0", "film4"]).toContain(names(both.next(["film1", "film2", "film3"]))[0]);
});

test("seen items, excluded ones and those that the filter does not pass are left out", () => {
  const found = names(
    both.recommend(["book0", "book1"], { filter: { even: true, world: "book" }, exclude: ["book4"] }),
  );
  expect(found).toEqual(["book2"]);
  expect(names(both.recommend(["book0"], { includeSeen: true, top: 12 }))).toContain("book0");
});

test("a user of the sessions gets items for their history, an unknown one is named", () => {
  expect(names(both.forUser("user 0", { top: 2 })).every((id) => id.startsWith("film"))).toBe(true);
  expect(() => both.forUser("nobody")).toThrow('User "nobody" is not among the 120 of the sessions.');
});

test("an empty history, or one of unknown items, gets the most popular items", () => {
  const popular = names(both.recommend([], { top: 12 }));
  expect(names(both.recommend(["never seen"], { top: 12 }))).toEqual(popular);
  const counts = popular.map((id) => sessions.flat().filter((one) => one === id).length);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
});

test("a new item is placed by its text, next to those of its world", async () => {
  const recommender = await loadRecommender(recommenderBytes(both));
  await recommender.addItems([{ id: "film new", text: "film new", metadata: { world: "film" } }], embedder);
  expect(names(recommender.recommend(["film1", "film4"], { top: 7 }))).toContain("film new");
  expect(names(recommender.similar("film new", { top: 3 })).every((id) => id.startsWith("film"))).toBe(true);
  await expect(recommender.addItems([{ id: "film new", text: "film new" }], embedder)).rejects.toThrow(
    "in the catalogue already",
  );
  await expect(recommender.addItems([{ id: "film x" }], embedder)).rejects.toThrow('Item "film x" needs a text.');
  const other = embedderOf({ ...vectors, [probe]: [1, -1, 0] });
  await expect(recommender.addItems([{ id: "y", text: "film new" }], other)).rejects.toThrow("not with table");
});

test("texts alone recommend too, and sessions alone", async () => {
  const byContent = await createRecommender({ items, embedder });
  expect(names(byContent.similar("book3", { top: 5 })).every((id) => id.startsWith("book"))).toBe(true);
  const bySessions = await createRecommender({ sessions }, options);
  expect(names(bySessions.similar("book3", { top: 3 })).every((id) => id.startsWith("book"))).toBe(true);
  await expect(bySessions.addItems([{ id: "z", text: "film new" }], embedder)).rejects.toThrow("was made without");
});

test("the linear signal finds what was taken together, without vectors", async () => {
  const linear = await createRecommender({ sessions }, { weights: { sessions: 0, linear: 1 }, penalty: 10 });
  const [first, second] = names(linear.recommend(["film2"], { top: 2 }));
  expect(["film1", "film3"]).toEqual([first, second].toSorted());
});

test("the same seed gives the same recommender, and a file gives it back", async () => {
  const sources = { sessions, items, embedder };
  const weights = { sessions: 1, content: 0.5, linear: 0.5 };
  const [one, two] = [
    await createRecommender(sources, { ...options, weights }),
    await createRecommender(sources, { ...options, weights }),
  ];
  expect(recommenderBytes(one)).toEqual(recommenderBytes(two));
  const read = await loadRecommender(recommenderBytes(one));
  expect(read.recommend(["film0", "book2"])).toEqual(one.recommend(["film0", "book2"]));
});

test("a damaged file, or another one, is a named error or a recommender, never something else", async () => {
  const bytes = recommenderBytes(both);
  for (let i = 1; i < 40; i += 1) {
    const cut = bytes.slice(0, Math.floor((bytes.length * i) / 40));
    await expect(loadRecommender(cut)).rejects.toThrow(/recommender/);
  }
  for (let i = 0; i < 60; i += 1) {
    const flipped = bytes.slice();
    flipped[8 + i * 37] ^= 1 << (i % 8);
    await loadRecommender(flipped).catch((error: Error) => expect(error.name).toBe("SemspaceError"));
  }
});

test.each([
  ["nothing to learn from", {}, {}, "There is nothing to learn from"],
  ["sessions of one item", { sessions: [["a"], ["b"]] }, {}, "There is nothing to learn from"],
  [
    "a session that is no list",
    { sessions: ["abc"] as unknown as string[][] },
    {},
    'Session 0 must be a list of item ids, got "abc"',
  ],
  ["an item twice", { items: [{ id: "a" }, { id: "a" }], sessions }, {}, 'Item "a" is in the catalogue already'],
  ["an unknown weight", { sessions }, { weights: { magic: 1 } }, 'Unknown weight "magic"'],
  ["weights that are all 0", { sessions }, { weights: { sessions: 0 } }, "All weights of what there is are 0"],
  ["a decay above 1", { sessions }, { decay: 2, epochs: 1 }, "decay must be from 0 to 1, got 2"],
])("%s is refused in words", async (_, data, settings, message) => {
  await expect(createRecommender(data, settings as RecommenderOptions)).rejects.toThrow(message);
});

test("an item that is not there, or of which nothing is known, is named", async () => {
  expect(() => both.similar("film99")).toThrow('Item "film99" is not among the 12 items.');
  const recommender = await createRecommender({ sessions: [...sessions, ["alone"]] }, options);
  expect(() => recommender.similar("alone")).toThrow('Nothing is known of item "alone"');
});

test("interactions become sequences in order of time, ties by item, and their last items are held back", async () => {
  const events = [
    { user: "u", item: "10", time: 5 },
    { user: "u", item: "9", time: 5 },
    { user: "v", item: "b", time: 1 },
    { user: "u", item: "3", time: 1 },
  ];
  const sequences = sequencesOf(events);
  expect([...sequences]).toEqual([
    ["u", ["3", "9", "10"]],
    ["v", ["b"]],
  ]);
  expect(leaveLastOut(sequences.values())).toEqual([{ history: ["3", "9"], next: "10" }]);
  expect(leaveLastOut(sequences.values(), { last: 2 })).toEqual([{ history: ["3"], next: "9" }]);
  expect(() => sequencesOf([{ user: "u", item: "1", time: Number.NaN }])).toThrow("must be a number");
});

test("hits, nDCG and coverage are those worked out by hand, seen items not counted", async () => {
  const cases = [
    { history: ["a"], next: "b" },
    { history: ["b", "c"], next: "d" },
    { history: ["d"], next: "e" },
  ];
  const catalogue = ["a", "b", "c", "d", "e"];
  const result = await evaluateRecommendation(cases, () => ["a", "b", "c", "d", "e"], { items: catalogue, k: 2 });
  // Unseen: b c | a d | a b: ranks 1, 2, none.
  expect(result.hitRate).toBeCloseTo(2 / 3, 12);
  expect([...result.perCase]).toEqual([1, 1 / Math.log2(3), 0]);
  expect(result.mrr).toBeCloseTo(0.5, 12);
  expect(result.coverage).toBeCloseTo(4 / 5, 12);
  await expect(evaluateRecommendation(cases, () => ["a", "a"], { items: catalogue })).rejects.toThrow("twice");
  await expect(evaluateRecommendation(cases, () => ["x"], { items: catalogue })).rejects.toThrow("not among the items");
  await expect(evaluateRecommendation([], () => [], { items: catalogue })).rejects.toThrow("There are no cases");
});
