import { expect, test } from "vitest";
import { calibrated, calibrationKinds, learnCalibration, logLoss } from "./calibration.ts";
import golden from "../../../test/golden/calibration.json" with { type: "json" };

const rows = { scores: Float64Array.from(golden.scores), labels: 3, multiLabel: false };
const truth = new Uint8Array(golden.scores.length);
for (const [i, label] of golden.truth.entries()) truth[i * 3 + label] = 1;

test("scores that are too sure get the temperature with which they were made, as scipy finds it", () => {
  const learned = learnCalibration("temperature", rows, truth);
  expect(learned).toMatchObject({ kind: "temperature" });
  expect("temperature" in learned && learned.temperature).toBeCloseTo(golden.temperature, 1);
});

test("Platt's slopes and constants are those of scikit-learn's sigmoid calibration", () => {
  const learned = learnCalibration("platt", rows, truth);
  if (learned.kind !== "platt") throw new Error(learned.kind);
  for (const [c, { slope, constant }] of golden.platt.entries()) {
    expect(learned.slopes[c]).toBeCloseTo(slope, 3);
    expect(learned.constants[c]).toBeCloseTo(constant, 3);
  }
});

test("the isotonic staircase is that of scikit-learn's IsotonicRegression", () => {
  const independent = { ...rows, multiLabel: true };
  const found = calibrated(independent, learnCalibration("isotonic", independent, truth));
  for (const [i, value] of golden.isotonic.entries()) expect(found[i]).toBeCloseTo(value, 6);
});

test.each(calibrationKinds)("%s: probabilities of labels that exclude each other sum to 1", (kind) => {
  const found = calibrated(rows, learnCalibration(kind, rows, truth));
  for (let i = 0; i < found.length; i += 3) expect(found[i] + found[i + 1] + found[i + 2]).toBeCloseTo(1, 9);
});

test.each(["temperature", "platt", "isotonic"] as const)(
  "%s lowers the log loss of scores that are too sure",
  (kind) => {
    const before = logLoss(calibrated(rows, { kind: "temperature", temperature: 1 }), truth, rows);
    expect(logLoss(calibrated(rows, learnCalibration(kind, rows, truth)), truth, rows)).toBeLessThan(before);
  },
);
