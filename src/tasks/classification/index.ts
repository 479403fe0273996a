/** Which label does a text have? On the vectors of any embedder. */
export { type Calibration, type CalibrationKind, calibrationKinds } from "./calibration.ts";
export { classifierBytes, loadClassifier, saveClassifier } from "./classifier-file.ts";
export {
  classifierQuality,
  type ClassifierQuality,
  type CrossValidated,
  crossValidateClassifier,
} from "./evaluate-classifier.ts";
export { type ClassifierKind, classifierKinds } from "./head.ts";
export { type Labels } from "./targets.ts";
export { type ClassifierPredictOptions, type LabelProbability, TextClassifier } from "./text-classifier.ts";
export { type ClassifierOptions, type ClassifierProgress, trainClassifier } from "./train-classifier.ts";
export { zeroShotClassifier, type ZeroShotOptions } from "./zero-shot.ts";
