/** An inverted index as a safetensors file: the terms (UTF-8, each ended by a line break) and the flat arrays of `Postings`. */
import { openSafetensors, writeSafetensors, type FileSource } from "../../formats/index.ts";
import type { Postings } from "../lexical/postings.ts";
import { broken } from "./manifest.ts";

export function writePostings({ vocabulary, starts, texts, counts, lengths }: Postings): Uint8Array {
  const terms = new TextEncoder().encode(Array.from(vocabulary.keys(), (term) => `${term}\n`).join(""));
  return writeSafetensors({
    terms: { dtype: "U8", shape: [terms.length], data: terms },
    starts: { dtype: "U32", shape: [starts.length], data: starts },
    texts: { dtype: "I32", shape: [texts.length], data: texts },
    counts: { dtype: "U16", shape: [counts.length], data: counts },
    lengths: { dtype: "I32", shape: [lengths.length], data: lengths },
  });
}

export async function parsePostings(source: FileSource, path: string): Promise<Postings> {
  const file = await openSafetensors(source, path);
  const bytesOf = async (name: string): Promise<ArrayBuffer> => (await file.readBytes(name)).slice().buffer;
  const terms = new TextDecoder().decode(await bytesOf("terms")).split("\n");
  terms.pop();
  const postings = {
    vocabulary: new Map(terms.map((term, id) => [term, id])),
    starts: new Uint32Array(await bytesOf("starts")),
    texts: new Int32Array(await bytesOf("texts")),
    counts: new Uint16Array(await bytesOf("counts")),
    lengths: new Int32Array(await bytesOf("lengths")),
  };
  const { starts, texts, counts } = postings;
  if (starts.length !== terms.length + 1 || starts.at(-1) !== texts.length || texts.length !== counts.length)
    throw broken(path, "its terms and postings do not fit");
  return postings;
}
