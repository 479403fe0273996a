import { describe, expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { classWords, cluster, clusterMethods } from "./index.ts";

const topics = {
  space: [
    "the shuttle reached its orbit",
    "NASA launched a rocket to the moon",
    "an orbit around the moon",
    "the rocket left the launch pad",
    "astronauts in the shuttle saw the moon",
    "a satellite in orbit around Mars",
  ],
  food: [
    "bake the bread in a hot oven",
    "soup with onions and butter",
    "cook rice with salt and butter",
    "bread and cheese for breakfast",
    "fry the onions in butter",
    "the soup needs more salt",
  ],
  music: [
    "the violin and the piano played",
    "a concert for piano and orchestra",
    "the singer sang a sad song",
    "drums and guitar in a rock song",
    "the orchestra played a symphony",
    "she plays the guitar and sings",
  ],
};
const texts = Object.values(topics).flat();
const topicOf = (i: number): number => Math.floor(i / 6);

describe("texts of three topics", () => {
  test.each([
    { method: "k-means", clusters: 3 },
    { method: "k-means", clusters: 3, batch: 8 },
    { method: "agglomerative", clusters: 3, linkage: "ward" },
    { method: "hdbscan", least: 3 },
    { method: "communities", threshold: 0.3, least: 3 },
  ] as const)("are grouped by topic ($method $linkage $batch)", async (options) => {
    const { labels, clusters } = await cluster(texts, options);
    expect(clusters.length).toBeGreaterThanOrEqual(2);
    const grouped = [...labels.keys()].filter((i) => labels[i] >= 0);
    const pairs = grouped.flatMap((i) => grouped.filter((j) => j > i && labels[i] === labels[j]).map((j) => [i, j]));
    const same = pairs.filter(([i, j]) => topicOf(i) === topicOf(j)).length;
    expect(same / pairs.length).toBeGreaterThan(0.7);
  });

  test("are named by their words and shown by their central texts", async () => {
    const { clusters, labels } = await cluster(texts, { clusters: 3, words: 3, central: 2 });
    const ofSpace = clusters[labels[2]];
    expect(ofSpace.words).toContain("orbit");
    expect(ofSpace.central.length).toBe(2);
    expect(ofSpace.central.every((i) => labels[i] === labels[2])).toBe(true);
    expect(clusters.reduce((sum, { size }) => sum + size, 0)).toBe(texts.length);
    expect(clusters.map(({ size }) => size)).toEqual(clusters.map(({ size }) => size).toSorted((a, b) => b - a));
  });

  test("the number of groups is found by silhouette", async () => {
    const far = Matrix.fromRows(
      Array.from({ length: 40 }, (_, i) => [0, 1, 2, 3].map((j) => (j === i % 4 ? 5 : 0.1 * Math.sin(i + j)))),
    );
    for (const method of ["k-means", "agglomerative"] as const)
      expect((await cluster(far, { method, clusters: "auto" })).clusters.length).toBe(4);
  });
});

test("words of several languages, and none that all groups share", () => {
  const found = classWords(
    ["der Hund und der Wolf", "der Hund bellt", "der Apfel und die Birne", "der Apfel fällt", "月亮和星星", "月亮很亮"],
    [0, 0, 1, 1, 2, 2],
    { top: 1 },
  );
  expect(found).toEqual([["hund"], ["apfel"], ["月亮"]]);
});

test.each(clusterMethods)("%s: no text, one text and equal texts give an answer", async (method) => {
  for (const list of [[], ["a"], ["same", "same", "same", "same"], [""]]) {
    const { labels } = await cluster(list, { method });
    expect(labels.length).toBe(list.length);
  }
});

test("what does not go together is refused with what was got", async () => {
  await expect(cluster(["a", "b"], { clusters: 3 })).rejects.toThrow("3 clusters need as many vectors, got 2.");
  await expect(cluster(["a"], { method: "hdbscan", clusters: 2 })).rejects.toThrow(
    "clusters is for k-means and agglomerative, not for hdbscan.",
  );
  await expect(cluster(["a"], { method: "agglomerative", clusters: 2, threshold: 0.5 })).rejects.toThrow(
    "either clusters or threshold",
  );
  await expect(cluster(Matrix.fromRows([[1, Number.NaN]]))).rejects.toThrow("Vector 0 holds NaN");
  await expect(cluster(Matrix.zeros(2, 2), { texts: ["a"] })).rejects.toThrow("2 vectors need as many texts, got 1.");
  await expect(cluster(["a"], { method: "means" as "k-means" })).rejects.toThrow('Unknown method "means"');
});
