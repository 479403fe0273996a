import type { InferenceSession } from "onnxruntime-node";
import { afterEach, expect, test, vi } from "vitest";
import { batchOf, checkpointFolder, readGolden, tokenDifference } from "../../test/golden-checkpoint.ts";

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
  vi.doUnmock("onnxruntime-web");
  vi.resetModules();
});

function pretendMissing(...names: string[]): void {
  vi.resetModules();
  for (const name of names) {
    vi.doMock(name, () => {
      throw new Error("Cannot find package");
    });
  }
}

const golden = readGolden("encoders").find(({ name }) => name === "bert-gelu")!;

test("where no engine is installed, the error names the command that installs one", async () => {
  pretendMissing("onnxruntime-node", "onnxruntime-web");
  const { openSession } = await import("./session.ts");
  await expect(openSession({ model: new Uint8Array() })).rejects.toMatchObject({
    code: "missing-dependency",
    message: "semspace/transformers needs onnxruntime-node. Install it: npm install onnxruntime-node",
  });
});

test("where onnxruntime-node is not installed, models run on onnxruntime-web, which one warning says", async () => {
  pretendMissing("onnxruntime-node");
  const warnings = vi.spyOn(process, "emitWarning").mockReturnValue();
  const { loadTransformer } = await import("./load.ts");
  for (let round = 0; round < 2; round++) {
    const transformer = await loadTransformer(checkpointFolder("encoders", golden.name), { threads: 1 });
    const { data } = await transformer.run(batchOf(golden));
    expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-5);
    await transformer.dispose();
  }
  expect(warnings.mock.calls).toEqual([
    [
      "onnxruntime-node is not installed, so models run on onnxruntime-web, more slowly. Install it: npm install onnxruntime-node",
      "SemspaceWarning",
    ],
  ]);
  warnings.mockRestore();
});

test('device "wasm" is WebAssembly in Node too, several models at once', async () => {
  const { loadTransformer } = await import("./load.ts");
  const all = await Promise.all(
    readGolden("encoders")
      .slice(0, 4)
      .map(async (one) => {
        const folder = checkpointFolder("encoders", one.name);
        const transformer = await loadTransformer(folder, { device: "wasm", threads: 1 });
        const { data } = await transformer.run(batchOf(one));
        await transformer.dispose();
        return tokenDifference(one, data, one.hidden);
      }),
  );
  expect(Math.max(...all)).toBeLessThan(2e-5);
});

test("the same model opened twice is one session, which lives until both are disposed of", async () => {
  const { InferenceSession } = await import("onnxruntime-node");
  const create = vi.spyOn(InferenceSession, "create");
  const { loadTransformer } = await import("./load.ts");
  const load = () => loadTransformer(checkpointFolder("encoders", golden.name), { threads: 1 });
  const [first, second] = await Promise.all([load(), load()]);
  expect(create).toHaveBeenCalledTimes(1);
  await first.dispose();
  const { data } = await second.run(batchOf(golden));
  expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-5);
  await second.dispose();
  await (await load()).dispose();
  expect(create).toHaveBeenCalledTimes(2);
  create.mockRestore();
});

test("300 rounds of load and dispose release every session, and memory stays where it was", async () => {
  const { InferenceSession: Sessions } = await import("onnxruntime-node");
  let open = 0;
  const create = Sessions.create.bind(Sessions) as (...args: unknown[]) => Promise<InferenceSession>;
  const creating = vi.spyOn(Sessions, "create").mockImplementation(async (...args: unknown[]) => {
    const session = await create(...args);
    const release = session.release.bind(session);
    open += 1;
    session.release = () => {
      open -= 1;
      return release();
    };
    return session;
  });
  const { loadTransformer } = await import("./load.ts");
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round++) {
      const transformer = await loadTransformer(checkpointFolder("encoders", golden.name), { threads: 1 });
      await transformer.run(batchOf(golden));
      await transformer.dispose();
    }
    return process.memoryUsage().rss;
  };
  const before = await rounds(20);
  const after = await rounds(300);
  expect(creating).toHaveBeenCalledTimes(320);
  expect(open).toBe(0);
  // Sessions that are not released come to 225 MB.
  expect(after - before).toBeLessThan(120e6);
  creating.mockRestore();
});

test.each([0, -1, 1.5, 1e9])("%s threads are refused before the engine is asked", async (threads) => {
  const { openSession } = await import("./session.ts");
  await expect(openSession({ model: new Uint8Array() }, { threads })).rejects.toMatchObject({
    code: "invalid-argument",
    message: expect.stringMatching(/^threads must be /) as string,
  });
});

test("an unknown device is refused with the list of those that there are", async () => {
  const { openSession } = await import("./session.ts");
  const device = "cuda" as "cpu";
  await expect(openSession({ model: new Uint8Array() }, { device })).rejects.toMatchObject({
    code: "invalid-argument",
    message: expect.stringMatching(/cpu.*wasm.*webgpu/) as string,
  });
});
