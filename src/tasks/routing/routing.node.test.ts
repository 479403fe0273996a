import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { replacedBytes } from "../../../test/replaced-bytes.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { createRouter, loadRouter, routerBytes, saveRouter } from "./index.ts";

const intents = {
  "lights on": {
    examples: [
      "turn on the light",
      "switch on the lamp",
      "lights on please",
      "make it bright in here",
      "turn the lights on",
      "switch on the lamp in the bathroom",
    ],
    slots: { room: ["room", "living room", "kitchen"], percent: /(\d+) ?%/ },
  },
  weather: [
    "what is the weather like",
    "will it rain today",
    "is it cold outside",
    "weather forecast for tomorrow",
    "do I need an umbrella",
  ],
  music: [
    "play some music",
    "play a song by the Beatles",
    "put on some jazz",
    "start the playlist",
    "I want to hear a song",
  ],
};
const embedder = await loadEmbedder();
const router = await createRouter(embedder, intents);
const scratch = mkdtempSync(join(tmpdir(), "semspace-router-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("commands of a house", () => {
  test.each([
    ["please switch the lamp on", "lights on"],
    ["will there be rain tomorrow", "weather"],
    ["play a jazz song", "music"],
  ])("%s: %s", async (text, intent) => {
    const route = await router.route(text);
    expect(route.intent).toBe(intent);
    expect(route.ranking[0]).toEqual({ intent, probability: route.probability });
    expect(route.ranking.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
  });

  test.each([
    "The museum is closed on Mondays.",
    "My sister broke her leg in March.",
    "The shares of the bank fell sharply.",
  ])("none of these: %s", async (text) => {
    const { intent, own, slots } = await router.route(text);
    expect([intent, slots]).toEqual([undefined, {}]);
    expect(own).toBeLessThan(0.5);
  });

  test("slots are filled from words, the longest first, and from patterns", async () => {
    const { slots } = await router.route("turn on the lamp in the Living Room to 40 %");
    expect(slots).toEqual({ room: "living room", percent: "40" });
    expect((await router.route("turn on the light")).slots).toEqual({});
  });

  test("functions fill slots and find entities, only where an intent was recognised", async () => {
    const asked: string[] = [];
    const own = await createRouter(
      embedder,
      {
        ...intents,
        weather: { examples: intents.weather, slots: { day: async (text) => /today|tomorrow/.exec(text)?.[0] } },
      },
      { entities: (text) => (asked.push(text), ["an entity"]) },
    );
    const route = await own.route("will it rain tomorrow");
    expect([route.slots, route.entities]).toEqual([{ day: "tomorrow" }, ["an entity"]]);
    await own.route("My sister broke her leg in March.");
    expect(asked).toEqual(["will it rain tomorrow"]);
    expect(() => routerBytes(own)).toThrow('The slot "day" of "weather" is a function');
  });

  test("foreign examples are refused, and what is like them", async () => {
    const foreign = [
      "play chess with me",
      "play a game of cards",
      "let us play football",
      "play a round of poker",
      "do you play tennis",
      "play checkers",
    ];
    const taught = await createRouter(embedder, intents, { foreign });
    expect((await taught.route("play a game of chess")).intent).toBeUndefined();
    expect((await taught.route("play some music")).intent).toBe("music");
  });

  test("a single intent is told from everything else", async () => {
    const one = await createRouter(embedder, { weather: intents.weather });
    expect((await one.route("will it rain tomorrow")).intent).toBe("weather");
    expect((await one.route("The museum is closed on Mondays.")).intent).toBeUndefined();
    expect((await loadRouter(routerBytes(one), embedder)).intents).toEqual(["weather"]);
  });
});

describe("a router's file", () => {
  test("what is loaded routes the same", async () => {
    const path = join(scratch, "house.safetensors");
    await saveRouter(router, path);
    const loaded = await loadRouter(path, embedder, { entities: () => "found" });
    for (const text of ["turn on the light in the kitchen", "will it rain", "The shares of the bank fell sharply."]) {
      const [before, after] = [await router.route(text), await loaded.route(text)];
      expect([after.intent, after.slots]).toEqual([before.intent, before.slots]);
      expect(after.probability).toBeCloseTo(before.probability, 5);
    }
    expect((await loaded.route("will it rain")).entities).toBe("found");
  });

  test("another model and a damaged file are refused", async () => {
    const bytes = routerBytes(router);
    await expect(loadRouter(bytes, { ...embedder, name: "other", dimensions: 12 })).rejects.toMatchObject({
      code: "mismatch",
    });
    const changes = [
      ["semspace-router", "semspace-rooter"],
      ['"thresholds"', '"thresh0lds"'],
      ['{\\"words\\":', '{\\"wards\\":'],
    ];
    for (const [from, to] of changes)
      await expect(loadRouter(replacedBytes(bytes, from, to), embedder)).rejects.toMatchObject({
        code: "invalid-file",
      });
  });
});

test("what makes no router is refused with what was got", async () => {
  await expect(createRouter(embedder, {})).rejects.toThrow("at least one intent, got none");
  await expect(createRouter(embedder, { a: [] })).rejects.toThrow('The intent "a" has no example phrases');
  await expect(createRouter(embedder, { a: ["x", " "] })).rejects.toThrow('The intent "a" has an empty phrase');
  await expect(createRouter(embedder, { a: ["go"], b: ["Go "] })).rejects.toThrow(
    '"Go " is an example of both "b" and a',
  );
  await expect(createRouter(embedder, { a: ["go"] }, { background: false })).rejects.toThrow("Pass foreign.");
  await expect(createRouter(embedder, { a: ["go"] }, { keep: 0 })).rejects.toThrow("keep must be a share");
  expect(() => router.routeVectors(Matrix.fromRows([new Float32Array(embedder.dimensions).fill(Number.NaN)]))).toThrow(
    "Vector 0 holds NaN",
  );
});
