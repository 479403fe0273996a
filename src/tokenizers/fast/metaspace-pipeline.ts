/**
 * SentencePiece models: Unigram and BPE over words that start with "▁". A space after a plain character starts a new chunk.
 *
 * That holds when the pre-tokenizer cuts at "▁"; where it does not (Llama), when no entry of the vocabulary has a "▁" after another
 * character, so that no merge reaches over it. A character is plain when the normalizer neither makes whitespace of it nor reads it
 * together with a neighbour; the charsmap works on grapheme clusters, so marks, joiners and format characters are not.
 */
import { flag, isObject, type Part, readParts } from "../tokenizer-json.ts";
import type { ExactPipeline, FastPipeline } from "./pipeline.ts";
import { UnitClasses } from "./scanner.ts";
import { blank, cutTable, cutUnlessSticky, digit, letter, space, SpacedScanner, sticky } from "./spaced-scanner.ts";
import { changed, inWord, separator, sticky as stickyInWord, WordScanner } from "./word-scanner.ts";

const metaspace = "▁";

/** Cuts only before a space; a `letter` is a plain character that stays as it is, a `digit` one that the normalizer changes. */
const cuts = cutTable(
  [letter, digit].flatMap((before) => [space, blank].map((after) => [before, after, cutUnlessSticky] as const)),
);

/** The fast pipeline when tokenizer.json has Metaspace (alone or after WhitespaceSplit), Llama's Prepend and Replace, or Gemma's Replace. */
export function metaspacePipeline(exact: ExactPipeline): FastPipeline | undefined {
  const { json } = exact;
  const normalizers = flatten(json.normalizer, "normalizers");
  const steps = flatten(json.pre_tokenizer, "pretokenizers").filter(
    (step) => !(cutsAtSpaces(step) && normalizers.some(makesMetaspace)),
  );
  if (!normalizers.every(keepsCuts)) return undefined;
  const last = steps.at(-1);
  const dropsSpace = steps.length === 2 && steps[0].type === "WhitespaceSplit";
  if (steps.length > (dropsSpace ? 2 : 1)) return undefined;
  if (last && (last.type !== "Metaspace" || (last["replacement"] ?? metaspace) !== metaspace)) return undefined;
  if (dropsSpace && last?.["prepend_scheme"] === "first") return undefined;
  const cutsWords = last !== undefined && flag(last, "split", true);
  if (!cutsWords && !mergesWithinWords(exact)) return undefined;
  if (!last && !normalizers.some(makesMetaspace)) return undefined;
  // Replacements of other texts read several characters together; a word is then left to the exact pipeline.
  const isPerCharacter = normalizers.every(
    (part) => part.type !== "Replace" || makesMetaspace(part) || joinsSpaces(part),
  );
  const kind = kindOf(exact);
  return dropsSpace ? withoutSpaces() : withSpaces();

  function withoutSpaces(): FastPipeline {
    const prefix = last?.["add_prefix_space"] === false || last?.["prepend_scheme"] === "never" ? "" : metaspace;
    const classes = new UnitClasses((unit) => {
      const found = kind(unit);
      return found === "plain" ? inWord : found === "changed" ? changed : found === "space" ? separator : stickyInWord;
    });
    const isPlain = (chunk: string) => everyUnit(chunk, 0, (unit) => classes.of(unit) === inWord);
    return {
      scanner: new WordScanner(classes, true),
      startDiffers: false,
      word: (chunk) => (isPerCharacter && isPlain(chunk) ? prefix + chunk : undefined),
      context: () => "",
    };
  }

  function withSpaces(): FastPipeline {
    const classes = new UnitClasses((unit) => {
      const found = kind(unit);
      if (found === "space") return unit === 0x20 ? space : blank;
      return found === "plain" ? letter : found === "changed" ? digit : sticky;
    });
    const isPlain = (chunk: string) => chunk[0] === " " && everyUnit(chunk, 1, (unit) => classes.of(unit) === letter);
    return {
      scanner: new SpacedScanner(classes, cuts),
      startDiffers: true,
      word: (chunk) => (isPerCharacter && chunk.length > 1 && isPlain(chunk) ? metaspace + chunk.slice(1) : undefined),
      context: () => "a",
    };
  }
}

type UnitKind = "plain" | "changed" | "space" | "sticky";

/** What the normalizer makes of a unit between two letters. */
function kindOf(exact: ExactPipeline): (unit: number) => UnitKind {
  const spaced = exact.normalize("x y");
  const unspaced = exact.normalize("xy");
  return (unit) => {
    if (unit === 0x20) return "space";
    const character = String.fromCharCode(unit);
    // U+000D joins U+000A to one cluster; the letters listed extend a cluster (Thai and Lao AM, halfwidth voicing) or the one after (Malayalam).
    if (
      /[\p{Cs}\p{Cn}\p{Co}\p{M}\p{Cf}\r\u0d4e\u0e33\u0eb3\uff9e\uff9f\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u.test(
        character,
      )
    )
      return "sticky";
    const normalized = exact.normalize(`x${character}y`);
    if (normalized === spaced) return unit < 128 ? "space" : "sticky";
    if (/\p{Cc}/u.test(character) || normalized.length < unspaced.length) return "sticky";
    const at = unspaced.indexOf("x") + 1;
    const inner = normalized.slice(at, normalized.length - (unspaced.length - at));
    if (inner === "" || /[\s▁]/u.test(inner)) return "sticky";
    return inner === character ? "plain" : "changed";
  };
}

/** A BPE model none of whose entries reaches over the start of a word, and which has the start itself as an entry. */
function mergesWithinWords({ json, model }: ExactPipeline): boolean {
  if (json.model.type !== "BPE" || json.model["continuing_subword_prefix"] || json.model["end_of_word_suffix"])
    return false;
  if (!model.vocabulary.ids.has(metaspace)) return false;
  for (const token of model.vocabulary.ids.keys()) if (/[^▁]▁/u.test(token)) return false;
  return true;
}

function flatten(json: Part | null | undefined, field: string): Part[] {
  if (!json) return [];
  return json.type === "Sequence" ? readParts(json, field).flatMap((part) => flatten(part, field)) : [json];
}

const characterwise: ReadonlySet<unknown> = new Set([
  "Precompiled",
  "NFC",
  "NFD",
  "NFKC",
  "NFKD",
  "Lowercase",
  "StripAccents",
  "Strip",
  "Nmt",
]);

/** Normalizers that never read across a space that follows a plain character. */
function keepsCuts(part: Part): boolean {
  if (part.type === "Prepend") return part["prepend"] === metaspace;
  if (part.type !== "Replace") return characterwise.has(part.type);
  const { pattern } = part;
  return (
    makesMetaspace(part) ||
    joinsSpaces(part) ||
    (isObject(pattern) && typeof pattern["String"] === "string" && !/[\s▁]/u.test(pattern["String"]))
  );
}

function makesMetaspace({ type, pattern, content }: Part): boolean {
  return type === "Replace" && isObject(pattern) && pattern["String"] === " " && content === metaspace;
}

/** Gemma's pre-tokenizer, which has nothing to cut where the normalizer leaves no space. */
function cutsAtSpaces({ type, pattern }: Part): boolean {
  return type === "Split" && isObject(pattern) && pattern["String"] === " ";
}

/** Patterns of whitespace alone: of SentencePiece, and of DeBERTa v2 and CamemBERT. */
const blankPatterns: ReadonlySet<unknown> = new Set([" {2,}", String.raw`\s{2,}|[\n\r\t]`]);

function joinsSpaces({ type, pattern, content }: Part): boolean {
  return (
    type === "Replace" &&
    isObject(pattern) &&
    blankPatterns.has(pattern["Regex"]) &&
    (content === " " || content === metaspace)
  );
}

function everyUnit(text: string, from: number, test: (unit: number) => boolean): boolean {
  for (let i = from; i < text.length; i += 1) if (!test(text.charCodeAt(i))) return false;
  return true;
}
