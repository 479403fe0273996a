import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runProgram } from "../../test/run-program.ts";
import { type HubModel, type HubServer, startHub } from "../../test/hub-server.ts";
import { openFolder } from "./folder.ts";
import { openHubModel } from "./hub-model.ts";

const id = "someone/a-model";
const weights = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
// Comparing one element after the other takes seconds.
const isWeights = (bytes: Uint8Array): boolean => Buffer.compare(bytes, weights) === 0;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const files = {
  "README.md": text("# A model\n"),
  "config.json": text('{"model_type":"bert"}\n'),
  "1_Pooling/config.json": text("{}"),
  "model.safetensors": weights,
  "empty.txt": new Uint8Array(),
};

let hub: HubServer;
let cache = "";
const variables = ["HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE"];
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

beforeEach(async () => {
  for (const name of variables) delete process.env[name];
  cache = mkdtempSync(join(tmpdir(), "semspace-hub-"));
  hub = await startHub({ id, files });
});

afterEach(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await hub.close();
  rmSync(cache, { recursive: true, force: true });
});

/** Another server in place of the usual one. */
async function restart(model: Partial<HubModel>): Promise<void> {
  await hub.close();
  hub = await startHub({ id, files, ...model });
}

const open = (options: Parameters<typeof openHubModel>[1] = {}, name = id) =>
  openHubModel(name, { endpoint: hub.endpoint, cache, ...options });
const root = () => join(cache, "models--someone--a-model");
const blobs = () => (existsSync(join(root(), "blobs")) ? readdirSync(join(root(), "blobs")).toSorted() : []);
const resolves = () => hub.requests.filter((request) => request.includes("/resolve/"));

describe("a model of the hub is a folder", () => {
  test("whose files are fetched when they are read, each once, and laid out as the hub's own cache is", async () => {
    const folder = await open();
    expect(folder.name).toBe(id);
    expect(await folder.size("model.safetensors")).toBe(weights.length);
    expect(await folder.size("none.json")).toBeUndefined();
    expect(resolves()).toEqual([]);
    expect(await folder.read("config.json")).toEqual(files["config.json"]);
    const [a, b] = await Promise.all([
      folder.read("model.safetensors", { offset: 7, length: 5 }),
      folder.read("model.safetensors"),
    ]);
    expect([a, isWeights(b)]).toEqual([weights.slice(7, 12), true]);
    await folder.read("1_Pooling/config.json");
    await folder.read("empty.txt");
    expect(resolves()).toHaveLength(3);
    expect(readFileSync(join(root(), "refs/main"), "utf8")).toBe(hub.commit);
    const snapshot = join(root(), "snapshots", hub.commit);
    expect(readdirSync(snapshot).toSorted()).toEqual(["1_Pooling", "config.json", "empty.txt", "model.safetensors"]);
    expect(readlinkSync(join(snapshot, "1_Pooling/config.json"))).toBe(
      `../../../blobs/${blobs().find((name) => name.startsWith("9e26dfee"))}`,
    );
    expect(lstatSync(join(snapshot, "model.safetensors")).isSymbolicLink()).toBe(true);
    expect(blobs().filter((name) => name.length === 64)).toHaveLength(1);
    expect(folder.location("model.safetensors")).toBe(join(snapshot, "model.safetensors"));
  });

  test("by its plain name, with what the environment says", async () => {
    Object.assign(process.env, { HF_ENDPOINT: `${hub.endpoint}/`, HF_HOME: cache });
    const folder = await openFolder(id);
    expect(await folder.read("config.json")).toEqual(files["config.json"]);
    expect(existsSync(join(cache, "hub/models--someone--a-model/refs/main"))).toBe(true);
  });

  test("of another revision than main, by option or in the name", async () => {
    expect(await (await open({}, `${id}@${hub.commit}`)).read("README.md")).toEqual(files["README.md"]);
    expect(hub.requests.some((request) => request.includes("/revision/"))).toBe(false);
    await (await open({ revision: "refs/pr/1" })).read("config.json");
    expect(readFileSync(join(root(), "refs/refs/pr/1"), "utf8")).toBe(hub.commit);
  });

  test("and a folder of that name on this disk comes first", async () => {
    const names = process.cwd();
    mkdirSync(join(cache, "someone/a-model"), { recursive: true });
    writeFileSync(join(cache, "someone/a-model/config.json"), "{}");
    process.chdir(cache);
    const folder = await openFolder(id).finally(() => process.chdir(names));
    expect(folder.location("config.json")).toBe(join(id, "config.json"));
  });

  test("with progress as bytes arrive", async () => {
    const seen: string[] = [];
    const folder = await open({ onProgress: ({ file, loaded, total }) => seen.push(`${file} ${loaded}/${total}`) });
    await folder.read("model.safetensors");
    expect(seen[0]).toBe("model.safetensors 0/300000");
    expect(seen.at(-1)).toBe("model.safetensors 300000/300000");
  });
});

describe("many that want a file at once", () => {
  test("fetch it once, in one process and in several", async () => {
    Object.assign(process.env, { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: cache });
    hub.fail("/cdn/model.safetensors", { cutAfter: 200_000 });
    const program = join(import.meta.dirname, "../../test/read-hub-file.ts");
    const here = Array.from({ length: 4 }, async () => (await (await open()).read("model.safetensors")).length);
    const there = Array.from({ length: 2 }, async () => Number(await runProgram(program, [id, "model.safetensors"])));
    expect(await Promise.all([...here, ...there])).toEqual(Array.from({ length: 6 }, () => weights.length));
    expect(hub.requests.filter((request) => request.includes("/cdn/"))).toHaveLength(2);
    expect(blobs()).toHaveLength(1);
    expect(readdirSync(join(cache, ".locks/models--someone--a-model"))).toEqual([]);
  }, 240_000);

  test("do not wait for a process that is dead", async () => {
    const folder = await open();
    await folder.read("model.safetensors");
    const [blob] = blobs();
    rmSync(join(root(), "snapshots"), { recursive: true });
    const lock = join(cache, ".locks/models--someone--a-model", `${blob}.semspace.lock`);
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    writeFileSync(lock, JSON.stringify({ pid: 1, host: "another-machine" }));
    utimesSync(lock, new Date(0), new Date(0));
    rmSync(join(root(), "snapshots"), { recursive: true });
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
  });
});

describe("what is in the cache is used", () => {
  test("without asking for files again, also what Python's huggingface_hub has put there", async () => {
    const snapshot = join(root(), "snapshots", hub.commit);
    mkdirSync(join(root(), "blobs"), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(root(), "blobs/0123"), '{"from":"python"}');
    symlinkSync("../../blobs/0123", join(snapshot, "config.json"));
    expect(new TextDecoder().decode(await (await open()).read("config.json"))).toBe('{"from":"python"}');
    expect(resolves()).toEqual([]);
  });

  test("offline by option or environment, as if the hub held no other files", async () => {
    await (await open()).read("config.json");
    const requests = hub.requests.length;
    process.env["HF_HUB_OFFLINE"] = "1";
    const folder = await open();
    expect(await folder.read("config.json")).toEqual(files["config.json"]);
    expect(await folder.size("model.safetensors")).toBeUndefined();
    await expect(folder.read("model.safetensors")).rejects.toThrow(
      `${id} has no model.safetensors: neither in the hub's cache ${cache}`,
    );
    await expect(open({}, "someone/other")).rejects.toThrow(
      "There is no model someone/other (main) in the hub's cache",
    );
    await expect(openFolder("someone/other")).rejects.toThrow('No folder "someone/other" here. There is no model');
    expect(hub.requests).toHaveLength(requests);
  });

  test("when the hub cannot be reached", async () => {
    await (await open()).read("config.json");
    const folder = await open({ endpoint: "http://127.0.0.1:9" });
    expect(await folder.read("config.json")).toEqual(files["config.json"]);
    const pinned = await open({ endpoint: "http://127.0.0.1:9", revision: hub.commit });
    expect(await pinned.size("modules.json")).toBeUndefined();
    expect(await pinned.read("config.json")).toEqual(files["config.json"]);
    await expect(open({ endpoint: "http://127.0.0.1:9" }, "someone/other")).rejects.toThrow(
      "Cannot reach http://127.0.0.1:9",
    );
  });
});

describe("a download that is cut", () => {
  test("at any byte goes on from there", async () => {
    hub.fail(
      "/cdn/model.safetensors",
      { cutAfter: 0 },
      { cutAfter: 1 },
      { cutAfter: 131_073 },
      { cutAfter: 0 },
      { cutAfter: 100_000 },
    );
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    const ranges = hub.requests.filter((request) => request.includes("/cdn/") && request.includes("bytes="));
    expect(ranges.length).toBeGreaterThan(0);
    expect(blobs()).toHaveLength(1);
  });

  test("again and again leaves no file under its name, and the next one goes on", async () => {
    hub.fail("/cdn/model.safetensors", { cutAfter: 1000 }, ...Array.from({ length: 12 }, () => ({ cutAfter: 0 })));
    const folder = await open();
    await expect(folder.read("model.safetensors")).rejects.toThrow("was cut off again and again");
    expect(existsSync(folder.location("model.safetensors")!)).toBe(false);
    expect(blobs().every((name) => name.endsWith(".incomplete"))).toBe(true);
    await restart({});
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
  });

  test("and went on from wrong bytes is begun anew", async () => {
    mkdirSync(join(root(), "blobs"), { recursive: true });
    const folder = await open();
    await folder.read("model.safetensors");
    const [blob] = blobs();
    rmSync(root(), { recursive: true });
    mkdirSync(join(root(), "blobs"), { recursive: true });
    writeFileSync(join(root(), "blobs", `${blob}.incomplete`), "something else");
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    writeFileSync(join(root(), "blobs", `${blob}.incomplete`), new Uint8Array(400_000));
    rmSync(join(root(), "blobs", blob));
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
  });

  test("after its last byte is not fetched again", async () => {
    await (await open()).read("model.safetensors");
    const [blob] = blobs();
    const requests = resolves().length;
    rmSync(join(root(), "snapshots"), { recursive: true });
    renameSync(join(root(), "blobs", blob), join(root(), "blobs", `${blob}.incomplete`));
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    expect(resolves()).toHaveLength(requests);
  });

  test("by a server that knows no ranges is begun anew", async () => {
    hub.fail("/cdn/model.safetensors", { cutAfter: 5000 }, { ignoreRange: true });
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
  });
});

describe("a wrong answer is refused", () => {
  test("more bytes than the file has, fewer, and others of the same length", async () => {
    const folder = await open();
    hub.fail("/cdn/model.safetensors", { bytes: new Uint8Array(300_001) });
    await expect(folder.read("model.safetensors")).rejects.toThrow("more than its 300000 bytes came");
    hub.fail("/cdn/model.safetensors", { bytes: new Uint8Array(300_000) });
    await expect(folder.read("model.safetensors")).rejects.toThrow("its bytes do not have the hash");
    hub.fail("config.json", ...Array.from({ length: 6 }, () => ({ bytes: new Uint8Array() })));
    await expect(folder.read("config.json")).rejects.toThrow("0 of 22 bytes came");
    expect(blobs().filter((name) => !name.endsWith(".incomplete"))).toEqual([]);
    expect(isWeights(await folder.read("model.safetensors"))).toBe(true);
  });

  test("401 with what to do, and the token opens it; it goes to the hub alone", async () => {
    await restart({ token: "secret" });
    await expect(open()).rejects.toThrow(
      `There is no model ${id} at ${hub.endpoint} (401). Check the name. If it is private, set HF_TOKEN.`,
    );
    process.env["HF_TOKEN"] = "wrong";
    await expect(open()).rejects.toThrow("the token (HF_TOKEN) may not read it");
    process.env["HF_TOKEN"] = "secret";
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    delete process.env["HF_TOKEN"];
    Object.assign(process.env, { HF_HOME: cache });
    writeFileSync(join(cache, "token"), "secret\n");
    expect(await (await open()).read("config.json")).toEqual(files["config.json"]);
  });

  test("403 of a gated model, 404 of a model, a revision and a file", async () => {
    hub.fail("/revision/main", { status: 403, headers: { "X-Error-Code": "GatedRepo" } });
    await expect(open()).rejects.toThrow("may not be read (403). Accept its terms there");
    await expect(open({}, "someone/typo")).rejects.toThrow("There is no model someone/typo at");
    await expect(open({ revision: "v9" })).rejects.toThrow('No revision "v9" of');
    const folder = await open();
    hub.fail("config.json", { status: 404, headers: { "X-Error-Code": "EntryNotFound" } });
    await expect(folder.read("config.json")).rejects.toThrow("No such file in");
  });

  test("429 and 503 are asked again after what Retry-After says; a wait that is too long is told", async () => {
    hub.fail(
      "/revision/main",
      { status: 429, headers: { "Retry-After": "0" } },
      { status: 503, headers: { "Retry-After": new Date().toUTCString() } },
    );
    hub.fail(
      "/cdn/model.safetensors",
      { status: 429, headers: { "Retry-After": "0" } },
      { status: 500, headers: { "Retry-After": "0" } },
    );
    expect(isWeights(await (await open()).read("model.safetensors"))).toBe(true);
    hub.fail("/revision/main", { status: 429, headers: { "Retry-After": "3600" } });
    await expect(open({ cache: join(cache, "other") })).rejects.toThrow(
      "answers 429 for someone/a-model. It asks to wait for 3600 s.",
    );
  });

  test.each(["../../outside", "a/../../b", "C:/windows", "a\\b", "/etc/passwd"])(
    "a listing with the path %s",
    async (path) => {
      await restart({ files: { ...files, [path]: text("x") } });
      await expect((await open()).size("config.json")).rejects.toThrow("Is it a hub?");
    },
  );

  test("a cache that cannot be written", async () => {
    writeFileSync(join(cache, "file"), "");
    const folder = await open({ cache: join(cache, "file/hub") });
    await expect(folder.read("config.json")).rejects.toThrow("Set HF_HOME to a folder that can be written.");
  });

  test("a name that is none", async () => {
    await expect(open({}, "../models")).rejects.toThrow("is no name of a model on the hub");
    await expect(openHubModel(id, { endpoint: "ftp://hub" })).rejects.toThrow('The hub\'s address is "ftp://hub"');
    await expect(openFolder("package.json")).rejects.toThrow("package.json is a file. Pass the folder that holds");
    await expect(openFolder("a/b/c")).rejects.toThrow(
      'No folder a/b/c. Pass the folder that holds the model\'s files, or a name on the hub ("owner/name").',
    );
  });
});
