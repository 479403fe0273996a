import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
  vi.resetModules();
});

test("where onnxruntime-node is not installed, the error names the command that installs it", async () => {
  vi.resetModules();
  vi.doMock("onnxruntime-node", () => {
    throw new Error("Cannot find package");
  });
  const { openSession } = await import("./session.ts");
  await expect(openSession({ model: new Uint8Array() })).rejects.toMatchObject({
    code: "missing-dependency",
    message: "semspace/transformers needs onnxruntime-node. Install it: npm install onnxruntime-node",
  });
});

test.each([0, -1, 1.5, 1e9])("%s threads are refused before the engine is asked", async (threads) => {
  const { openSession } = await import("./session.ts");
  await expect(openSession({ model: new Uint8Array() }, { threads })).rejects.toMatchObject({
    code: "invalid-argument",
    message: expect.stringMatching(/^threads must be /) as string,
  });
});
