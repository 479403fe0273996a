/**
 * Byte-level BPE with a known pattern. Between two classes of characters there is a cut where every alternative of the pattern must
 * end: after all letters, after all digits, before whitespace, and after marks unless the pattern might take the last mark to the word.
 *
 * Where the text is normalised first (NFC, lowercase), all beyond ASCII may join with its neighbours, and only whitespace cuts it.
 */
import { bytesAsCharacters } from "../byte-characters.ts";
import { oniguruma } from "../oniguruma.ts";
import { flag, isObject, type Part, readParts } from "../tokenizer-json.ts";
import type { ExactPipeline, FastPipeline } from "./pipeline.ts";
import { UnitClasses } from "./scanner.ts";
import {
  blank,
  cutTable,
  cutUnlessApostrophe,
  digit,
  isCut,
  letter,
  mark,
  space,
  SpacedScanner,
  sticky,
} from "./spaced-scanner.ts";

/** How a pattern treats marks: "gpt2" ends a run of marks before letters, "llama3" may take its last one and newlines after it. */
type Family = "gpt2" | "llama3";

const clip = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
/** transformers 5 puts CLIP's two special tokens into the pattern, which matters where the normalizer makes them (from "<|STARTOFTEXT|>"). */
const clipSpecial = ["<|startoftext|>", "<|endoftext|>"];
const clip5 = String.raw`<\|startoftext\|>|<\|endoftext\|>|${clip}`;
const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const qwen2 = llama3.replace(String.raw`\p{N}{1,3}`, String.raw`\p{N}`);

const always: [number, number, number][] = [
  [letter, space, isCut],
  [letter, blank, isCut],
  [letter, digit, isCut],
  [letter, mark, isCut],
  [digit, space, isCut],
  [digit, blank, isCut],
  [digit, letter, isCut],
  [digit, mark, isCut],
  [mark, space, isCut],
  [mark, digit, isCut],
  [sticky, space, isCut],
];

const cuts: Readonly<Record<Family, Uint8Array>> = {
  gpt2: cutTable([...always, [mark, blank, isCut], [mark, letter, cutUnlessApostrophe], [sticky, blank, isCut]]),
  llama3: cutTable(always),
};

/** The fast pipeline when tokenizer.json has ByteLevel with GPT-2's, CLIP's, Llama 3's or Qwen 2's pattern, and at most NFC and lowercase. */
export function byteLevelPipeline({ json }: ExactPipeline): FastPipeline | undefined {
  const found = readPreTokenizer(json.pre_tokenizer);
  const normalizers = readNormalizers(json.normalizer);
  if (!found || !normalizers) return undefined;
  const isNormalized = normalizers.length > 0;
  const lower = normalizers.includes("Lowercase");
  const dropsSpace = found.pattern === "clip";
  // CLIP's normalizer makes all whitespace a space; without its Split, that would join what the pattern tells apart.
  if (normalizers.includes("Replace") && !dropsSpace) return undefined;
  const classes = unitClasses(isNormalized);
  const isLetter = (chunk: string, at: number) => classes.of(chunk.charCodeAt(at)) === letter;
  return {
    scanner: new SpacedScanner(classes, cuts[found.family]),
    keptWhole: found.keptWhole,
    startDiffers: found.addPrefixSpace,
    word: (chunk) => {
      for (let i = chunk[0] === " " ? 1 : 0; i < chunk.length; i += 1) if (!isLetter(chunk, i)) return undefined;
      if (chunk === " ") return undefined;
      const cased = lower ? chunk.toLowerCase() : chunk;
      return bytesAsCharacters(dropsSpace ? cased.trimStart() : cased);
    },
    context: (chunk) => (found.addPrefixSpace ? (isLetter(chunk, 0) ? "1" : "a") : ""),
  };
}

function unitClasses(isNormalized: boolean): UnitClasses {
  const patterns = [String.raw`\s`, String.raw`\p{L}`, String.raw`\p{N}`].map((source) => oniguruma(`\\A${source}\\z`));
  return new UnitClasses((unit) => {
    if (unit === 0x20) return space;
    if ((unit >= 0xd800 && unit <= 0xdfff) || (isNormalized && unit > 127)) return sticky;
    const character = String.fromCharCode(unit);
    const [isSpace, isLetter, isDigit] = patterns.map((pattern) => character.search(pattern) === 0);
    return isSpace ? blank : isLetter ? letter : isDigit ? digit : mark;
  });
}

interface ByteLevelParts {
  family: Family;
  pattern: "gpt2" | "clip" | "llama3";
  addPrefixSpace: boolean;
  keptWhole: readonly string[];
}

function readPreTokenizer(json: Part | null | undefined): ByteLevelParts | undefined {
  if (!json) return undefined;
  const parts = json.type === "Sequence" ? readParts(json, "pretokenizers") : [json];
  const last = parts.at(-1);
  if (last?.type !== "ByteLevel" || parts.length > 2) return undefined;
  const addPrefixSpace = flag(last, "add_prefix_space", true);
  const usesRegex = flag(last, "use_regex", true);
  if (parts.length === 1)
    return usesRegex ? { family: "gpt2", pattern: "gpt2", addPrefixSpace, keptWhole: [] } : undefined;
  const [split] = parts;
  // A space put before every word of a Split, and not only before the text, is not cut here.
  if (split.type !== "Split" || addPrefixSpace || !isObject(split["pattern"])) return undefined;
  const regex = split["pattern"]["Regex"];
  const behavior = String(split["behavior"]);
  const inverts = flag(split, "invert", false);
  // ByteLevel's own pattern cuts no word of CLIP's Split again.
  if ((regex === clip || regex === clip5) && behavior === "Removed" && inverts) {
    return { family: "gpt2", pattern: "clip", addPrefixSpace, keptWhole: regex === clip5 ? clipSpecial : [] };
  }
  const isLlama = regex === llama3 || regex === qwen2;
  if (isLlama && behavior === "Isolated" && !inverts && !usesRegex)
    return { family: "llama3", pattern: "llama3", addPrefixSpace, keptWhole: [] };
  return undefined;
}

/** The types of the normalizers in order, or undefined when one of them is not known to keep the cuts. */
function readNormalizers(json: Part | null | undefined): string[] | undefined {
  if (!json) return [];
  const parts = json.type === "Sequence" ? readParts(json, "normalizers") : [json];
  const known = parts.every((part) => {
    if (part.type !== "Replace") return part.type === "NFC" || part.type === "Lowercase";
    return isObject(part["pattern"]) && part["pattern"]["Regex"] === String.raw`\s+` && part["content"] === " ";
  });
  return known ? parts.map((part) => part.type) : undefined;
}
