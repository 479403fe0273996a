/**
 * The text of tokens that arrive one after the other. A token may end in the middle of a character, a decoder may look at
 * neighbours, and a stop text may be spread over tokens, so text is given out only when no later token can change it.
 * As text-generation-inference's `decode_token`, a few tokens are decoded again each time, so the work per token stays the same.
 */
export class TextStream {
  readonly #decode: (ids: readonly number[]) => string;
  readonly #stops: readonly string[];
  readonly #ids: number[] = [];
  /** Tokens from here on are decoded together with new ones. */
  #from = 0;
  /** Tokens before this one have given their text. */
  #read = 0;
  #text = "";
  #given = 0;
  #stopped = false;

  constructor(decode: (ids: readonly number[]) => string, stops: readonly string[]) {
    this.#decode = decode;
    this.#stops = stops;
  }

  /** Whether a stop text was found; `text` ends before it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** All text so far. */
  get text(): string {
    return this.#text;
  }

  /** Takes a token and gives the text that is now certain, perhaps "". */
  add(id: number): string {
    this.#ids.push(id);
    const before = this.#decode(this.#ids.slice(this.#from, this.#read));
    const after = this.#decode(this.#ids.slice(this.#from));
    // U+FFFD at the end is a character of which bytes are missing.
    if (after.length > before.length && !after.endsWith("\u{FFFD}")) {
      this.#append(after.slice(before.length));
      this.#from = this.#read;
      this.#read = this.#ids.length;
    }
    return this.#give(this.#text.length - this.#heldBack());
  }

  /** The rest, when no token follows. */
  end(): string {
    if (!this.#stopped) {
      const before = this.#decode(this.#ids.slice(this.#from, this.#read));
      this.#append(this.#decode(this.#ids.slice(this.#from)).slice(before.length));
    }
    return this.#give(this.#text.length);
  }

  #append(piece: string): void {
    const searchFrom = Math.max(0, this.#text.length - Math.max(0, ...this.#stops.map(({ length }) => length)));
    this.#text += piece;
    const found = this.#stops.map((stop) => this.#text.indexOf(stop, searchFrom)).filter((at) => at !== -1);
    if (found.length === 0) return;
    this.#text = this.#text.slice(0, Math.min(...found));
    this.#stopped = true;
  }

  /** How many characters at the end may be the start of a stop text. */
  #heldBack(): number {
    if (this.#stopped) return 0;
    let most = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, this.#text.length); length > most; length -= 1) {
        if (this.#text.endsWith(stop.slice(0, length))) most = length;
      }
    }
    return most;
  }

  #give(end: number): string {
    const piece = this.#text.slice(this.#given, end);
    this.#given = Math.max(this.#given, end);
    return piece;
  }
}
