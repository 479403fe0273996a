import { beforeEach, describe, expect, test } from "vitest";
import { openFolder } from "./folder.ts";
import { openHubModel } from "./hub-model.ts";

const id = "someone/a-model";
const commit = "b".repeat(40);
const weights = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 31) & 255);
const config = new TextEncoder().encode('{"model_type":"bert"}');
let requests: string[] = [];

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A hub as a function: what is not in `wrong` is answered well. */
function hub(wrong: Record<string, () => Response | Promise<Response>> = {}): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    requests.push(pathname);
    const found = Object.entries(wrong).find(([end]) => pathname.endsWith(end));
    if (found) return found[1]();
    if (new Headers(init?.headers).get("Authorization") !== "Bearer secret") return new Response("{}", { status: 401 });
    if (pathname === `/api/models/${id}/revision/main`) return Response.json({ sha: commit });
    if (pathname === `/api/models/${id}/tree/${commit}`) {
      const lfs = { oid: await sha256(weights), size: weights.length };
      return Response.json([
        { type: "file", path: "config.json", size: config.length },
        { type: "file", path: "model.safetensors", size: weights.length, lfs },
        { type: "directory", path: "onnx" },
        { type: "file", path: "../outside", size: 3 },
      ]);
    }
    if (pathname === `/${id}/resolve/${commit}/config.json`) return new Response(config);
    if (pathname === `/${id}/resolve/${commit}/model.safetensors`) return new Response(weights);
    return new Response("{}", { status: 404 });
  };
}

const open = (options: Parameters<typeof openHubModel>[1] = {}) =>
  openHubModel(id, { endpoint: "https://hub.test", token: "secret", fetch: hub(), ...options });

beforeEach(async () => {
  requests = [];
  await caches.delete("semspace-hub");
});

describe("in a browser a model of the hub", () => {
  test("is fetched once and kept in the page's storage; without a network what is kept is used", async () => {
    const folder = await open();
    expect(await folder.size("model.safetensors")).toBe(weights.length);
    expect(await folder.size("../outside")).toBeUndefined();
    expect(await folder.read("model.safetensors")).toEqual(weights);
    expect(await folder.read("model.safetensors", { offset: 5, length: 4 })).toEqual(weights.slice(5, 9));
    expect(await folder.read("config.json")).toEqual(config);
    expect(requests.filter((path) => path.includes("/resolve/"))).toHaveLength(2);
    const cut: typeof fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    for (const options of [{ fetch: cut }, { offline: true }]) {
      const again = await open(options);
      expect(await again.read("model.safetensors")).toEqual(weights);
    }
    await expect(openHubModel("someone/other", { endpoint: "https://hub.test", offline: true })).rejects.toThrow(
      "nothing of someone/other (main) is kept in this page's storage",
    );
  });

  test("is not kept when its bytes are too few, too many or others", async () => {
    const other = weights.slice();
    other[500] ^= 1;
    for (const [bytes, message] of [
      [weights.slice(1), "9999 of 10000 bytes came"],
      [new Uint8Array(10_001), "more than its 10000 bytes came"],
      [other, "its bytes do not have the hash"],
    ] as const) {
      const folder = await open({ fetch: hub({ "model.safetensors": () => new Response(bytes) }) });
      await expect(folder.read("model.safetensors")).rejects.toThrow(message);
    }
    expect(await (await open()).read("model.safetensors")).toEqual(weights);
  });

  test("whose hub answers with something else says so", async () => {
    for (const [end, body, message] of [
      ["main", "<html>", "gives an answer that is not JSON. Is it a hub?"],
      ["main", "null", "gives undefined as the commit"],
      [commit, '{"error":"busy"}', "as the files of someone/a-model"],
    ] as const) {
      await expect(open({ fetch: hub({ [end]: () => new Response(body) }) })).rejects.toThrow(message);
    }
  });

  test("that is private, or whose name is wrong, says what to do; a folder that names no address is looked for on the hub", async () => {
    await expect(open({ token: "wrong" })).rejects.toThrow("the token (HF_TOKEN) may not read it");
    await expect(open({ fetch: hub({ main: () => new Response("{}", { status: 404 }) }) })).rejects.toThrow(
      "Check the name",
    );
    const options = { endpoint: "https://hub.test", token: "secret", fetch: hub() };
    expect(await (await openFolder(id, options)).read("config.json")).toEqual(config);
    await expect(openFolder("someone/typo", options)).rejects.toThrow(
      'No folder "someone/typo" here. There is no model someone/typo at',
    );
  });
});
