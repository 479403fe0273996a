import { describe, expect, test } from "vitest";
import { bytesOfBase64 } from "../../test/base64.ts";
import { replacedBytes } from "../../test/replaced-bytes.ts";
import golden from "../../test/golden/torch_files.json" with { type: "json" };
import { SemspaceError } from "../errors.ts";
import { openFolder } from "../hub/folder.ts";
import type { TensorFile } from "./tensor-file.ts";
import { openTorchFile } from "./torch-file.ts";

const path = "pytorch_model.bin";
const open = async (bytes: Uint8Array): Promise<TensorFile> => openTorchFile(await openFolder({ [path]: bytes }), path);
const formats = ["zip", "legacy"] as const;
const named = (name: string) => [...golden.cases, ...golden.hostile].find((one) => one.name === name)!;
const both = golden.cases.flatMap((one) => formats.map((format) => [one.name, format, one] as const));

describe("files of torch.save give the values that torch gives", () => {
  test.each(both)("%s (%s)", async (_, format, { [format]: base64, tensors }) => {
    const file = await open(bytesOfBase64(base64));
    expect([...file.tensors.keys()]).toEqual(Object.keys(tensors));
    for (const [name, { shape, values }] of Object.entries(tensors)) {
      expect(file.tensor(name).shape).toEqual(shape);
      expect([...(await file.readFloat32(name))], name).toEqual(values.map(Math.fround));
    }
  });

  test("whole numbers are read as such", async () => {
    const file = await open(bytesOfBase64(named("kinds").zip));
    expect([...(await file.readInt32("long"))]).toEqual([1, -2, 2 ** 31 - 1]);
    expect(file.tensor("bfloat16").dtype).toBe("BF16");
  });

  test("what lies row-major is a range of the file; tied tensors are one range; a transposed view has strides", async () => {
    const shared = await open(bytesOfBase64(named("shared").zip));
    expect(shared.tensor("tied.one").offset).toBe(shared.tensor("tied.two").offset);
    expect(shared.tensor("part").offset).toBe(shared.tensor("tied.one").offset + 2 * 3 * 4);
    const views = await open(bytesOfBase64(named("views").zip));
    expect(views.tensor("transposed").strides).toEqual([1, 6]);
    expect(views.tensor("middle").strides).toBeUndefined();
  });

  test.each(formats)("a dictionary that holds itself (%s) is read, without going round", async (format) => {
    const file = await open(bytesOfBase64(golden.cyclic[format]));
    expect([...file.tensors.keys()]).toEqual(["weight"]);
  });
});

const refusals: [string, string][] = [
  ["command", "posix.system, which is not among what is read from it. It may not be what it seems; nothing was run."],
  ["module", "torch.nn.modules.linear.Linear, which is not among"],
  ["sparse", "torch._utils._rebuild_sparse_tensor, which is not among"],
  ["complex", "torch.ComplexFloatStorage, which is not among"],
  ["nested", 'holds no tensors by name; its keys are: "state_dict", "epoch". Save model.state_dict() instead.'],
  ["a list", "holds a list of 1. A dictionary from names to tensors is needed"],
  ["repeated", 'tensor "weight" of 4000000 bytes is made of a storage of 4'],
];

describe("what is no dictionary of plain tensors is refused by name", () => {
  test.each(refusals.flatMap(([name, message]) => formats.map((format) => [name, format, message] as const)))(
    "%s (%s)",
    async (name, format, message) => {
      const attempt = open(bytesOfBase64(named(name)[format]));
      await expect(attempt).rejects.toThrow(SemspaceError);
      await expect(attempt).rejects.toThrow(message);
    },
  );
});

describe("a broken file is refused, whatever is broken", () => {
  test.each(formats)("cut at any byte (%s)", async (format) => {
    const bytes = bytesOfBase64(named("plain")[format]);
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(open(bytes.slice(0, length)), `${length} bytes`).rejects.toThrow(SemspaceError);
    }
  });

  test.each(formats)("any byte changed gives an error of ours or tensors inside the file (%s)", async (format) => {
    const bytes = bytesOfBase64(named("plain")[format]);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] ^= 0x41;
      const file = await open(changed).catch((error: unknown) => {
        if (!(error instanceof SemspaceError)) throw error;
        return undefined;
      });
      for (const { offset, length } of file?.tensors.values() ?? [])
        expect(offset + length).toBeLessThanOrEqual(bytes.length);
    }
  });

  test("a pointer of Git LFS, and a text", async () => {
    const text = (content: string) => open(new TextEncoder().encode(content));
    await expect(text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")).rejects.toThrow(
      "a pointer of Git LFS",
    );
    await expect(text("<!doctype html><html>")).rejects.toThrow('it begins with "<!doctype html><"');
  });

  test("a file that is not there", async () => {
    await expect(openFolder({}).then((folder) => openTorchFile(folder, path))).rejects.toThrow(
      `No ${path} in (memory).`,
    );
  });

  test("a storage that no entry holds, and big-endian bytes", async () => {
    const { zip } = named("plain");
    const rewritten = (from: string, to: string) => open(replacedBytes(bytesOfBase64(zip), from, to));
    await expect(rewritten("archive/data/0", "archive/data/x")).rejects.toThrow('storage "0" is missing');
    await expect(rewritten("archive/data.pkl", "archive/data.txt")).rejects.toThrow("it has no data.pkl");
    await expect(rewritten("little", "big   ")).rejects.toThrow("was written big-endian");
  });
});
