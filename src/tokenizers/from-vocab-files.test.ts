import { describe, expect, test } from "vitest";
import golden from "../../test/golden/tokenizer_files.json" with { type: "json" };
import { SemspaceError } from "../errors.ts";
import { openFolder } from "../hub/folder.ts";
import { FastIds } from "./fast/fast-ids.ts";
import { fromVocabFiles } from "./from-vocab-files.ts";
import { TextPipeline } from "./text-pipeline.ts";
import { Tokenizer } from "./tokenizer.ts";
import { readTokenizerJson } from "./tokenizer-json.ts";

const encoder = new TextEncoder();
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

async function read(files: Record<string, string>, jsons: Record<string, unknown> = {}) {
  const bytes = Object.entries(files).map(
    ([path, content]) =>
      [path, path.endsWith(".model") ? fromBase64(content) : encoder.encode(content)] as [string, Uint8Array],
  );
  for (const [path, json] of Object.entries(jsons)) bytes.push([path, encoder.encode(JSON.stringify(json))]);
  return fromVocabFiles(await openFolder(Object.fromEntries(bytes)));
}

const cases = golden.cases.map(({ name, ...rest }) => [name, rest] as const);
const filesOf = (files: object) => files as Record<string, string>;

describe("vocabulary files become the tokenizer that transformers makes of them", () => {
  test.each(cases)("%s: its parts", async (_, { files, json: jsons, parts }) => {
    const json = await read(filesOf(files), jsons);
    const { added_tokens, normalizer, pre_tokenizer, post_processor } = json!;
    const withoutMap = normalizer?.type === "Precompiled" ? { type: normalizer.type } : normalizer;
    expect({ added_tokens, normalizer: withoutMap, pre_tokenizer, post_processor }).toEqual(parts);
  });

  test.each(cases)(
    "%s: the ids of texts and pairs, and the texts of ids",
    async (_, { files, json: jsons, ids, pairs, decoded }) => {
      const tokenizer = new Tokenizer(await read(filesOf(files), jsons));
      golden.texts.forEach((text, i) => {
        expect({ text, ids: tokenizer.encode(text).ids }).toEqual({ text, ids: ids[i] });
        expect(tokenizer.decode(ids[i])).toBe(decoded[i]);
      });
      golden.pairs.forEach(([text, pair], i) => expect(tokenizer.encode(text, { pair }).ids).toEqual(pairs[i]));
    },
  );

  test.each(cases)("%s: the fast way gives the same ids", async (name, { files, json: jsons }) => {
    const exact = new TextPipeline(readTokenizerJson(await read(filesOf(files), jsons)));
    const fast = new FastIds(exact);
    expect(fast.recognized).toBe(name !== "DeBERTa v2, lower case and cut at punctuation");
    for (const text of golden.texts)
      expect({ text, ids: [...fast.encode([text]).ids] }).toEqual({ text, ids: exact.ids(text) });
  });
});

describe("without tokenizer_config.json the files tell the kind", () => {
  test.each(["BERT", "GPT-2", "CLIP", "T5"])("%s", async (name) => {
    const { files, ids } = golden.cases.find((found) => found.name === name)!;
    const tokenizer = new Tokenizer(await read(filesOf(files)));
    expect(golden.texts.map((text) => tokenizer.encode(text).ids)).toEqual(ids);
  });

  test("a SentencePiece model under a name of its own is read with spaces as SentencePiece has them", async () => {
    const { files } = golden.cases.find(({ name }) => name === "XLM-R")!;
    const json = await read({ "spm.model": filesOf(files)["sentencepiece.bpe.model"] });
    expect(json!.pre_tokenizer!.type).toBe("Metaspace");
    const tokenizer = new Tokenizer(json);
    expect(tokenizer.decode(tokenizer.encode("the  lower one ").ids)).toBe("the lower one");
  });

  test("ALBERT keeps accents and capitals where its config says so", async () => {
    const { files, json: jsons } = golden.cases.find(({ name }) => name === "ALBERT as published")!;
    const kept = { ...jsons, "tokenizer_config.json": { keep_accents: true, do_lower_case: false } };
    const normalize = async (config: Record<string, unknown>) =>
      new TextPipeline(readTokenizerJson(await read(filesOf(files), config))).normalize("Café  ``É''");
    expect(await normalize(jsons)).toBe('cafe "e"');
    expect(await normalize(kept)).toBe('Café "É"');
  });

  test("no vocabulary file at all is no tokenizer", async () => {
    expect(await read({ "config.json": "{}" })).toBeUndefined();
  });
});

describe("a malformed file is refused", () => {
  test.each<[string, Record<string, string>, unknown, string]>([
    ["an empty vocab.txt", { "vocab.txt": "" }, {}, "vocab.txt must hold a token a line"],
    [
      "a vocab.json that is a list",
      { "vocab.json": "[]", "merges.txt": "" },
      {},
      "vocab.json must be an object from token to id",
    ],
    ["a vocab.json that is no JSON", { "vocab.json": "{", "merges.txt": "" }, {}, "vocab.json in (memory) is not JSON"],
    [
      "a flag that is no flag",
      { "vocab.txt": "a\n" },
      { do_lower_case: "yes" },
      "tokenizer_config.json, do_lower_case, must be true or false",
    ],
    [
      "a special token that is no text",
      { "vocab.txt": "a\n" },
      { cls_token: 3 },
      "tokenizer_config.json, cls_token, must be a text or an object",
    ],
    [
      "a special token that is null",
      { "vocab.txt": "a\n" },
      { cls_token: null },
      "tokenizer_config.json, cls_token, must name a token",
    ],
    [
      "a SentencePiece model that is cut off",
      { "tokenizer.model": btoa("\n\u0007\n") },
      {},
      "tokenizer.model in (memory) promises 7 bytes",
    ],
  ])("%s", async (_, files, config, message) => {
    const attempt = read(files, { "tokenizer_config.json": config }).then((json) => new Tokenizer(json));
    await expect(attempt).rejects.toThrow(SemspaceError);
    await expect(attempt).rejects.toThrow(message);
  });
});
