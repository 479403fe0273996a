/**
 * Tokens that are found in the text as they are, before the model cuts it: special tokens and those a user added.
 *
 * Reference: Rust `tokenizers`, tokenizer/added_vocabulary. Of the tokens that match, the leftmost and there the longest counts. Tokens
 * with `normalized` are looked for in the normalised text (by their own normalised form), the others before normalisation.
 */
import { AlignedText } from "./aligned-text.ts";
import type { Vocabulary } from "./models/vocabulary.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import type { AddedTokenJson } from "./tokenizer-json.ts";
import { characterTest } from "./unicode.ts";

/** A part of a text: an added token (its id), or text that the model has yet to cut. */
export interface Segment {
  text: AlignedText;
  id: number | undefined;
}

interface Match {
  id: number;
  start: number;
  end: number;
}

export class AddedTokens {
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, AddedTokenJson>();
  readonly #special = new Set<string>();
  readonly #literal = new AddedTokenTrie();
  readonly #normalized = new AddedTokenTrie();
  readonly #normalize: Normalizer;
  readonly #isWord = characterTest("word");
  readonly #isSpace = characterTest("space");

  /** An added token that the model's vocabulary has keeps that id, any other gets the next free one, whatever the file says. */
  constructor(tokens: readonly AddedTokenJson[], vocabulary: Vocabulary, normalize: Normalizer) {
    this.#normalize = normalize;
    let nextId = vocabulary.size;
    for (const token of tokens) {
      if (token.content === "" || this.#isKnown(token)) continue;
      const id = this.#ids.get(token.content) ?? vocabulary.ids.get(token.content) ?? nextId++;
      this.#ids.set(token.content, id);
      this.#tokens.set(id, token);
      if (token.special) this.#special.add(token.content);
    }
    for (const special of [true, false]) {
      for (const [id, token] of this.#tokens) if (this.#special.has(token.content) === special) this.#insert(token, id);
    }
  }

  /** Content and id of each added token. */
  entries(): Iterable<[string, number]> {
    return this.#ids.entries();
  }

  tokenToId(token: string): number | undefined {
    return this.#ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#tokens.get(id)?.content;
  }

  isSpecial(token: string): boolean {
    return this.#special.has(token);
  }

  /** Cuts the added tokens out of a text and normalises what is between them. */
  extract(text: string): Segment[] {
    const segments: Segment[] = [];
    for (const segment of this.#cut(new AlignedText(text), this.#literal)) {
      if (segment.id !== undefined) segments.push(segment);
      else segments.push(...this.#cut(this.#normalize(segment.text), this.#normalized));
    }
    return segments;
  }

  #isKnown(token: AddedTokenJson): boolean {
    const id = this.#ids.get(token.content);
    const known = id === undefined ? undefined : this.#tokens.get(id);
    const flags = ["single_word", "lstrip", "rstrip", "normalized", "special"] as const;
    return known !== undefined && flags.every((flag) => known[flag] === token[flag]);
  }

  #insert(token: AddedTokenJson, id: number): void {
    if (token.normalized) this.#normalized.insert(this.#normalize(new AlignedText(token.content)).text, id);
    else this.#literal.insert(token.content, id);
  }

  #cut(text: AlignedText, trie: AddedTokenTrie): Segment[] {
    const segments: Segment[] = [];
    let done = 0;
    const rest = (end: number) => {
      if (done < end) segments.push({ text: text.slice(done, end), id: undefined });
    };
    for (const found of trie.matches(text.text)) {
      const match = this.#widened(found, text.text, done);
      if (!match) continue;
      rest(match.start);
      if (match.start < match.end) segments.push({ text: text.slice(match.start, match.end), id: match.id });
      done = match.end;
    }
    rest(text.text.length);
    return segments;
  }

  /** The match with the spaces that its token takes along; undefined when the token has to be a whole word and is not. */
  #widened({ id, start, end }: Match, text: string, done: number): Match | undefined {
    const token = this.#tokens.get(id)!;
    if (token.single_word && (this.#isWord(pointBefore(text, start)) || this.#isWord(text.codePointAt(end) ?? 0)))
      return undefined;
    let from = start;
    let to = end;
    if (token.lstrip) {
      while (from > 0 && this.#isSpace(text.charCodeAt(from - 1))) from -= 1;
      from = Math.max(from, done);
    }
    if (token.rstrip) while (to < text.length && this.#isSpace(text.charCodeAt(to))) to += 1;
    return { id, start: from, end: to };
  }
}

/** The code point that ends before `index`; 0 at the start. */
function pointBefore(text: string, index: number): number {
  if (index === 0) return 0;
  const unit = text.charCodeAt(index - 1);
  return (unit & 0xfc00) === 0xdc00 && index > 1 ? text.codePointAt(index - 2)! : unit;
}

interface Node {
  next: Map<number, Node>;
  id: number | undefined;
}

/** A set of texts that finds, from left to right and without overlap, the longest one at each place. */
class AddedTokenTrie {
  readonly #root: Node = { next: new Map(), id: undefined };

  /** The first of two equal texts counts. */
  insert(text: string, id: number): void {
    if (text === "") return;
    let node = this.#root;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let next = node.next.get(unit);
      if (!next) {
        next = { next: new Map(), id: undefined };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.id ??= id;
  }

  *matches(text: string): Generator<Match> {
    const first = this.#root.next;
    if (first.size === 0) return;
    for (let start = 0; start < text.length;) {
      let node = first.get(text.charCodeAt(start));
      let id: number | undefined;
      let end = start + 1;
      for (let at = start + 1; node; at += 1) {
        if (node.id !== undefined) {
          id = node.id;
          end = at;
        }
        node = at < text.length ? node.next.get(text.charCodeAt(at)) : undefined;
      }
      if (id !== undefined) yield { id, start, end };
      start = end;
    }
  }
}
