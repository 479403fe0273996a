/** Whether added tokens ("[MASK]", "<s>") may be in a text, told without the exact pipeline. */
import type { ExactPipeline } from "./pipeline.ts";

/** No control, no accent, nothing that a normalizer could take away or compose, apart from the case of letters. */
const simple = /^[A-Za-z0-9 ]*$/;

export class AddedTokenCheck {
  readonly #normalize: (text: string) => string;
  /** Contents that are looked for in the text as it is. */
  readonly #raw: string[];
  /** Contents, normalised, that are looked for in the normalised text. */
  readonly #normalized: string[];
  readonly #rawFirsts: ReadonlySet<string>;
  readonly #normalizedFirsts: ReadonlySet<string>;
  /** Whether no added token starts with a letter, a digit or a space, so that simple chunks need no look. */
  readonly #simpleIsSafe: boolean;

  /** `keptWhole` are further texts to look for, in the normalised text. */
  constructor(exact: ExactPipeline, keptWhole: readonly string[] = []) {
    const tokens = (exact.json.added_tokens ?? []).filter(({ content }) => content !== "");
    const isRaw = (token: { normalized: boolean }) => !token.normalized || !exact.json.normalizer;
    this.#normalize = (text) => exact.normalize(text);
    this.#raw = tokens.filter(isRaw).map(({ content }) => content);
    const normalized = tokens.filter((token) => !isRaw(token)).map(({ content }) => exact.normalize(content));
    this.#normalized = [...normalized, ...keptWhole].filter((content) => content !== "");
    this.#rawFirsts = new Set(this.#raw.map((content) => content[0]));
    this.#normalizedFirsts = new Set(this.#normalized.map(firstOwn));
    this.#simpleIsSafe = [...this.#rawFirsts, ...this.#normalizedFirsts].every((first) => !simple.test(first));
  }

  /** Whether an added token may begin in this chunk of a text. */
  mayBegin(chunk: string): boolean {
    if (this.#simpleIsSafe && simple.test(chunk)) return false;
    if (this.#rawFirsts.size > 0 && holdsAny(chunk, this.#rawFirsts)) return true;
    return this.#normalizedFirsts.size > 0 && holdsAny(this.#normalize(chunk), this.#normalizedFirsts);
  }

  /** Whether one is in the text; true also where the exact pipeline then finds none (single_word). */
  isIn(text: string): boolean {
    if (this.#raw.some((content) => text.includes(content))) return true;
    if (this.#normalized.length === 0) return false;
    const normalized = this.#normalize(text);
    return this.#normalized.some((content) => normalized.includes(content));
  }
}

/** The first character that the normalizer did not put before the token: Llama's would be in every word. */
function firstOwn(content: string): string {
  return /[^▁]/u.exec(content)?.[0] ?? content[0];
}

function holdsAny(text: string, firsts: ReadonlySet<string>): boolean {
  for (let i = 0; i < text.length; i += 1) if (firsts.has(text[i])) return true;
  return false;
}
