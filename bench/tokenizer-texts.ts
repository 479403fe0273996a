/** Lines for the tokenizer benches: Wikipedia, source code, 20 and more languages, and random Unicode, from what is on the machine. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { peerPython, sharedData } from "./harness.ts";

export type TextKind = "wiki" | "code" | "languages" | "random";

/** Up to `count` lines of one kind; the same ones on each call on one machine. */
export function lines(kind: TextKind, count: number): string[] {
  const makers: Record<TextKind, (count: number) => string[]> = { wiki, code, languages, random };
  return makers[kind](count);
}

/** Paragraphs of the English Wikipedia. */
function wiki(count: number): string[] {
  const text = gunzipSync(readFileSync(join(sharedData, "corpora/wiki-en-2015-part.txt.gz"))).toString("utf8");
  return text.split("\n").slice(0, count);
}

/** Lines of TypeScript, JavaScript, Python and C, indentation kept, every seventh of a file. */
function code(count: number): string[] {
  const found: string[] = [];
  const folders = [
    join(import.meta.dirname, "../src"),
    join(import.meta.dirname, "../node_modules"),
    join(peerPython, "../../lib"),
  ];
  for (const [index, folder] of folders.entries()) {
    const enough = Math.ceil((count * (index + 1)) / folders.length);
    for (const path of files(folder, /\.(ts|js|mjs|py|c|h|css|json|md)$/)) {
      if (found.length >= enough) break;
      const all = readFileSync(path, "utf8").split("\n");
      for (let i = 0; i < all.length && i < 1400; i += 7) if (all[i].length < 4000) found.push(all[i]);
    }
  }
  return found.slice(0, count);
}

/** Languages of many scripts whose messages Debian's programs have. */
const translated =
  "zh_CN ja ko ar ru el de fr es tr vi th hi he fa uk pl cs fi hu pt_BR it nl sv id ta bn zh_TW ka sr ro bg ca da lt ml te gu pa am";
/** Languages of which the runtime knows month, day, language and country names. */
const named = "ar he fa hi bn ta te th lo my km ka hy am ur ml si ne mn bo ja ko zh";

/** Messages of Debian's programs in all these translations, and names of scripts that they lack. */
function languages(count: number): string[] {
  const found = named.split(" ").flatMap(localeNames);
  const locales = translated.split(" ");
  for (const [index, locale] of locales.entries()) {
    const enough = found.length + Math.ceil((count - found.length) / (locales.length - index));
    for (const file of files(join("/usr/share/locale", locale, "LC_MESSAGES"), /\.mo$/)) {
      if (found.length >= enough) break;
      found.push(...translations(readFileSync(file)).slice(0, Math.min(60, enough - found.length)));
    }
  }
  return found.slice(0, count);
}

function localeNames(locale: string): string[] {
  const found: string[] = [];
  const regions = new Intl.DisplayNames(locale, { type: "region" });
  const spoken = new Intl.DisplayNames(locale, { type: "language" });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", timeZone: "UTC" });
  for (let i = 0; i < 60; i += 1) found.push(date.format(i * 3_456_789_000));
  for (const region of [
    "DE",
    "FR",
    "IN",
    "TH",
    "EG",
    "IL",
    "BD",
    "MM",
    "GE",
    "AM",
    "ET",
    "LK",
    "NP",
    "MN",
    "CN",
    "JP",
  ]) {
    for (const language of ["en", "de", "zh", "ar", "hi"])
      found.push(`${regions.of(region)}, ${spoken.of(language)} (${region}-${language})`);
  }
  return found;
}

/** The translated texts of a gettext .mo file. */
function translations(bytes: Buffer): string[] {
  if (bytes.length < 20 || bytes.readUInt32LE(0) !== 0x950412de) return [];
  const [count, table] = [bytes.readUInt32LE(8), bytes.readUInt32LE(16)];
  const texts = Array.from({ length: count }, (_, i) => {
    const at = bytes.readUInt32LE(table + i * 8 + 4);
    return bytes.toString("utf8", at, at + bytes.readUInt32LE(table + i * 8));
  });
  return texts.slice(1).flatMap((text) => text.split("\0"));
}

/** Seeded: characters of every plane, marks and joiners close together, spaces of all kinds, and words around them. */
function random(count: number): string[] {
  const next = randomNumbers(7);
  const below = (limit: number) => Math.floor(next() * limit);
  const pools: (() => string)[] = [
    () => scalar(below(0x110000)),
    () => scalar(below(0x3000)),
    () => scalar(0x300 + below(0x70)),
    () => scalar(below(0x80)),
    () => scalar(0x1f300 + below(0x400)),
    () => scalar(0xac00 + below(0x2ba4)),
    () => scalar(0x1100 + below(0x100)),
    () => scalar(0x600 + below(0x500)),
    () => scalar(0x4e00 + below(0x5200)),
    () => "\u200d\ufe0f\u200b\u00a0\u3000\u2028\u0085\t\r\n\ufeff \u2003\u00ad\u0345\u0334"[below(17)],
    () =>
      ["the", "café", "e\u0301", "Straße", "Ⅷ", "ﬁ", "don't", "[MASK]", "</s>", "  ", "123", "#", "ΑΣ", "İ", "ǆ"][
        below(15)
      ],
  ];
  return Array.from({ length: count }, () => {
    const own = pools[below(pools.length)];
    return Array.from({ length: 1 + below(40) }, () => (next() < 0.5 ? own : pools[below(pools.length)])()).join("");
  });
}

function scalar(point: number): string {
  return point >= 0xd800 && point <= 0xdfff ? "\ufffd" : String.fromCodePoint(point);
}

function* files(folder: string, pattern: RegExp): Generator<string> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, pattern);
    else if (entry.isFile() && pattern.test(entry.name)) yield path;
  }
}
