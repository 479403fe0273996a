/**
 * How a config.json asks for rotary positions: `rope_theta` with `rope_scaling`, or since transformers 5 `rope_parameters`,
 * for all layers or by kind of layer. Scalings as in `modeling_rope_utils.py`: linear (Chen et al. 2023, https://arxiv.org/abs/2306.15595)
 * and llama3 (https://arxiv.org/abs/2407.21783); others are refused by name, since they would give wrong vectors in silence.
 */
import { SemspaceError, shown } from "../errors.ts";
import { type ConfigFile, positiveOf } from "./config-values.ts";
import { rotaryFrequencies } from "./rotary.ts";

export interface RotaryRequest {
  /** Length of the part of a head that turns. */
  readonly size: number;
  /** Base where the file has none under any of the keys. */
  readonly base: number;
  /** Key of the base in older files; left out, `rope_theta`. */
  readonly baseKey?: string | undefined;
  /** Kind of layer, for files with parameters of their own for each. */
  readonly layerType?: string | undefined;
  /** Whether an older file's `rope_scaling` is meant for these layers. Default true. */
  readonly isScaled?: boolean | undefined;
}

/** The angles by which pairs of a head turn a position. Throws `unsupported` for a scaling that is not built, `invalid-file` for wrong numbers. */
export function rotaryFrequenciesOf(
  file: ConfigFile,
  { size, base, baseKey = "rope_theta", layerType, isScaled = true }: RotaryRequest,
): number[] {
  const parameters = section(file, file.json, "rope_parameters");
  const own = parameters && layerType !== undefined ? section(file, parameters.json, layerType) : undefined;
  const current = own ?? parameters;
  const scaling = current ?? (isScaled ? section(file, file.json, "rope_scaling") : undefined);
  const fallback = positiveOf(file, baseKey, base);
  const frequencies = rotaryFrequencies(current ? positiveOf(current, "rope_theta", fallback) : fallback, size);
  return scaling ? scaled(frequencies, scaling, file) : frequencies;
}

function scaled(frequencies: number[], scaling: ConfigFile, file: ConfigFile): number[] {
  const type = scaling.json["rope_type"] ?? scaling.json["type"] ?? "default";
  switch (type) {
    case "default":
      return frequencies;
    case "linear": {
      const factor = positiveOf(scaling, "factor");
      return frequencies.map((frequency) => Math.fround(frequency / factor));
    }
    case "llama3":
      return llama3(frequencies, scaling, positiveOf(file, "max_position_embeddings"));
    default:
      throw new SemspaceError(
        "unsupported",
        `${file.source} asks for rotary positions of type ${shown(type)}; default, linear and llama3 are built.`,
      );
  }
}

/** Slow turns are slowed by the factor, fast ones are left, those between mixed. */
function llama3(frequencies: number[], scaling: ConfigFile, maxPositions: number): number[] {
  const factor = positiveOf(scaling, "factor");
  const low = positiveOf(scaling, "low_freq_factor");
  const high = positiveOf(scaling, "high_freq_factor");
  const trained = positiveOf(scaling, "original_max_position_embeddings", maxPositions);
  return frequencies.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < trained / high) return frequency;
    if (wavelength > trained / low) return Math.fround(frequency / factor);
    const share = (trained / wavelength - low) / (high - low);
    return Math.fround(((1 - share) * frequency) / factor + share * frequency);
  });
}

/** An object inside the file. */
function section(file: ConfigFile, json: Readonly<Record<string, unknown>>, key: string): ConfigFile | undefined {
  const value = json[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) {
    return { json: value as Readonly<Record<string, unknown>>, source: `${file.source}, ${key}` };
  }
  throw new SemspaceError("invalid-file", `${file.source}: ${key} must be an object, got ${shown(value)}.`);
}
