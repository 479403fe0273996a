/**
 * Oniguruma patterns, as tokenizer.json holds them, rewritten as JavaScript regular expressions (flags g and v).
 *
 * Reference: Oniguruma's doc/RE, Ruby syntax, Unicode 16. What differs in JavaScript and is written out here: \s (U+FEFF in, U+0085 out), \w, \d and \b
 * (ASCII), "." and the anchors ^ $ (Ruby's match at every line), possessive quantifiers and atomic groups (a lookahead with a
 * backreference), (?i: ), \p{…} of characters newer than Unicode 16, POSIX brackets, {,n}. What cannot be written out is refused by name.
 */
import { SemspaceError, shown } from "../errors.ts";
import { propertySource, readClass, shorthandSource } from "./oniguruma-class.ts";
import { caseFold, escapeLiteral, readEscapedCharacter } from "./oniguruma-literal.ts";

const anchors: Readonly<Record<string, string>> = {
  "^": "(?<![^\\n])",
  $: "(?![^\\n])",
  "\\A": "(?<![^])",
  "\\z": "(?![^])",
  "\\Z": "(?=\\n?(?![^]))",
};

/** Longest pattern, in UTF-16 units, and most brackets in it: groups and classes are read by recursion. */
const longestPattern = 10_000;
const mostBrackets = 500;

/** Translates one pattern. Throws `unsupported` naming the construct that JavaScript cannot do, `invalid-file` for a malformed pattern. */
export function oniguruma(pattern: string): RegExp {
  if (pattern.length > longestPattern || pattern.split(/[([]/).length > mostBrackets) {
    throw new SemspaceError(
      "unsupported",
      `The pattern ${shown(pattern)} is too large: at most ${longestPattern} characters with ${mostBrackets} brackets are read.`,
    );
  }
  const source = new Translator(pattern).translate();
  try {
    return new RegExp(source, "gv");
  } catch (cause) {
    throw new SemspaceError(
      "invalid-file",
      `The pattern ${shown(pattern)} is not a regular expression: ${(cause as Error).message}. Fetch the tokenizer's files again.`,
      { cause },
    );
  }
}

interface Scope {
  ignoreCase: boolean;
  dotAll: boolean;
}

class Translator {
  readonly #pattern: string;
  #at = 0;
  #groups = 0;
  #scope: Scope = { ignoreCase: false, dotAll: false };

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  translate(): string {
    const source = this.#alternatives();
    if (this.#at < this.#pattern.length) throw this.#malformed('has a ")" too many');
    return source;
  }

  /** Everything up to the closing bracket of the group, or the end. Inline flags hold until there. */
  #alternatives(): string {
    const outer = this.#scope;
    let source = "";
    while (this.#at < this.#pattern.length && this.#peek() !== ")") {
      if (this.#peek() === "|") {
        this.#at += 1;
        source += "|";
        continue;
      }
      const atom = this.#atom();
      source += atom === "" ? "" : this.#quantified(atom);
    }
    this.#scope = outer;
    return source;
  }

  #atom(): string {
    const character = this.#next();
    if (character === "(") return this.#group();
    if (character === "[") {
      const { source, end } = readClass(this.#pattern, this.#at, this.#scope.ignoreCase);
      this.#at = end;
      return source;
    }
    if (character === ".") return this.#scope.dotAll ? "[^]" : "[^\\n]";
    if (character === "\\") return this.#escape();
    if (character in anchors) return anchors[character];
    if ("*+?".includes(character)) throw this.#malformed(`has a "${character}" with nothing to repeat`);
    return this.#literal(character);
  }

  #literal(character: string): string {
    return this.#scope.ignoreCase ? `[${caseFold(character)}]` : escapeLiteral(character);
  }

  #escape(): string {
    const character = this.#next();
    const anchor = anchors[`\\${character}`];
    if (anchor !== undefined) return anchor;
    if (character === "b" || character === "B") {
      const word = `[${shorthandSource("w")}]`;
      const edge = `(?<=${word})(?!${word})|(?<!${word})(?=${word})`;
      return character === "b" ? `(?:${edge})` : `(?!${edge})`;
    }
    if (character === "R") return "(?:\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])";
    if (/[1-9kgKXGyYNO]/.test(character)) throw this.#unsupported(`\\${character}`);
    const { source, end } = propertySource(this.#pattern, this.#at - 1) ?? { source: undefined, end: this.#at };
    if (source !== undefined) {
      this.#at = end;
      return `[${source}]`;
    }
    const { text, next } = readEscapedCharacter(this.#pattern, this.#at - 1);
    this.#at = next;
    return this.#literal(text);
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#at);
    const opening = /^\?(?:[:=!>]|<[=!]|<\w+>|'\w+'|#[^)]*\)|([imx]*)(?:-([imx]*))?([:)]))/.exec(rest);
    if (!opening) {
      if (rest.startsWith("?")) throw this.#unsupported(`(${rest.slice(0, 2)}`);
      return this.#close("(?:");
    }
    this.#at += opening[0].length;
    if (opening[0].startsWith("?#")) return "";
    if (opening[0] === "?>") return this.#atomic(this.#close("(?:"));
    if (opening[3] === undefined) return this.#close(/^\?[<']\w/.test(opening[0]) ? "(?:" : `(${opening[0]}`);
    const outer = this.#scope;
    this.#scope = this.#withFlags(opening[1], opening[2] ?? "");
    // "(?i)" holds up to the end of the group that it stands in, alternatives included.
    if (opening[3] === ")") return `(?:${this.#alternatives()})`;
    const source = this.#close("(?:");
    this.#scope = outer;
    return source;
  }

  #close(opening: string): string {
    const source = `${opening}${this.#alternatives()})`;
    if (this.#peek() !== ")") throw this.#malformed('lacks a ")"');
    this.#at += 1;
    return source;
  }

  #withFlags(on: string, off: string): Scope {
    if ((on + off).includes("x")) throw this.#unsupported("(?x)");
    const flag = (name: string, now: boolean) => (on.includes(name) ? true : off.includes(name) ? false : now);
    return { ignoreCase: flag("i", this.#scope.ignoreCase), dotAll: flag("m", this.#scope.dotAll) };
  }

  /** Adds the quantifiers that follow; "a{2}+" repeats "a{2}" in Ruby's syntax, "a++" is possessive. */
  #quantified(atom: string): string {
    let source = atom;
    for (;;) {
      const found = /^(?:([*+?])([?+]?)|\{(\d*)(,?)(\d*)\}(\??))/.exec(this.#pattern.slice(this.#at));
      if (!found || (found[1] === undefined && found[3] === "" && found[5] === "")) return source;
      this.#at += found[0].length;
      if (source !== atom) source = `(?:${source})`;
      if (found[1] !== undefined) {
        source = found[2] === "+" ? this.#atomic(source + found[1]) : source + found[0];
      } else {
        source += `{${found[3] || "0"}${found[4]}${found[5]}}${found[6]}`;
      }
    }
  }

  /** What matched inside is never given back: a lookahead does not backtrack, and the reference takes what it saw. */
  #atomic(source: string): string {
    this.#groups += 1;
    return `(?:(?=(?<atomic${this.#groups}>${source}))\\k<atomic${this.#groups}>)`;
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? "";
  }

  #next(): string {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw this.#malformed("ends in the middle of something");
    const character = String.fromCodePoint(point);
    this.#at += character.length;
    return character;
  }

  #unsupported(construct: string): SemspaceError {
    const where = `${construct} at position ${this.#at} of the pattern ${shown(this.#pattern)}`;
    return new SemspaceError(
      "unsupported",
      `Cannot write ${where} as a JavaScript regular expression. Use a tokenizer without it.`,
    );
  }

  #malformed(problem: string): SemspaceError {
    return new SemspaceError(
      "invalid-file",
      `The pattern ${shown(this.#pattern)} ${problem}. Fetch the tokenizer's files again.`,
    );
  }
}
