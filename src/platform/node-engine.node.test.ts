import { expect, test, vi } from "vitest";
import { importEngine } from "./node-engine.ts";

test("ONNX Runtime sends no telemetry, unless it was asked to", async () => {
  vi.stubEnv("ORT_DISABLE_TELEMETRY", undefined);
  await importEngine({});
  expect(process.env["ORT_DISABLE_TELEMETRY"]).toBe("1");
  vi.stubEnv("ORT_DISABLE_TELEMETRY", "0");
  await importEngine({});
  expect(process.env["ORT_DISABLE_TELEMETRY"]).toBe("0");
  vi.unstubAllEnvs();
});
