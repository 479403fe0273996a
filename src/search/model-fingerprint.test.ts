import { expect, test } from "vitest";
import { modelFingerprint } from "./model-fingerprint.ts";

const bytes = (size: number, changed = -1) =>
  Uint8Array.from({ length: size }, (_, i) => (i === changed ? 255 : i % 250));
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("the same files have the same fingerprint, and any change gives another", async () => {
  const files = { "config.json": json({ a: 1 }), "model.safetensors": bytes(300_000) };
  const same = await modelFingerprint({ ...files });
  expect(await modelFingerprint(files)).toBe(same);
  const others = [
    { ...files, "config.json": json({ a: 2 }) },
    { ...files, "model.safetensors": bytes(300_001) },
    { ...files, "model.safetensors": bytes(300_000, 10) },
    { ...files, "model.safetensors": bytes(300_000, 150_000) },
    { ...files, "model.safetensors": bytes(300_000, 299_999) },
    { ...files, "tokenizer.json": json({}) },
    { ...files, "modules.json": json([{ path: "1_Dense" }]), "1_Dense/model.safetensors": bytes(10) },
    { ...files, "modules.json": json([{ path: "1_Dense" }]), "1_Dense/model.safetensors": bytes(10, 3) },
  ];
  const names = await Promise.all(others.map(modelFingerprint));
  expect(new Set([same, ...names]).size).toBe(others.length + 1);
  expect(names.every((name) => /^[a-z0-9]+$/.test(name))).toBe(true);
});
