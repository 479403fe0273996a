/**
 * The script of a character as SentencePiece cuts by it: Hiragana, Katakana and the long-vowel mark "ー" count as Han, a space and what
 * has no script as "any". "Common" and "Inherited" are scripts of their own. Only the scripts of Unicode 9 are known, as in Rust.
 */
import { characterTest } from "../unicode.ts";

const names =
  "Common Latin Han Hiragana Katakana Hangul Cyrillic Greek Arabic Hebrew Devanagari Thai Inherited Armenian Syriac Thaana Bengali " +
  "Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Lao Tibetan Myanmar Georgian Ethiopic Cherokee Canadian_Aboriginal " +
  "Ogham Runic Khmer Mongolian Bopomofo Yi Old_Italic Gothic Deseret Tagalog Hanunoo Buhid Tagbanwa Limbu Tai_Le Linear_B Ugaritic " +
  "Shavian Osmanya Cypriot Braille Buginese Coptic New_Tai_Lue Glagolitic Tifinagh Syloti_Nagri Old_Persian Kharoshthi Balinese Cuneiform " +
  "Phoenician Phags_Pa Nko Sundanese Lepcha Ol_Chiki Vai Saurashtra Kayah_Li Rejang Lycian Carian Lydian Cham Tai_Tham Tai_Viet Avestan " +
  "Egyptian_Hieroglyphs Samaritan Lisu Bamum Javanese Meetei_Mayek Imperial_Aramaic Old_South_Arabian Inscriptional_Parthian " +
  "Inscriptional_Pahlavi Old_Turkic Kaithi Batak Brahmi Mandaic Chakma Meroitic_Cursive Meroitic_Hieroglyphs Miao Sharada Sora_Sompeng " +
  "Takri Caucasian_Albanian Bassa_Vah Duployan Elbasan Grantha Pahawh_Hmong Khojki Linear_A Mahajani Manichaean Mende_Kikakui Modi Mro " +
  "Old_North_Arabian Nabataean Palmyrene Pau_Cin_Hau Old_Permic Psalter_Pahlavi Siddham Khudawadi Tirhuta Warang_Citi Ahom " +
  "Anatolian_Hieroglyphs Hatran Multani Old_Hungarian SignWriting Adlam Bhaiksuki Marchen Newa Osage Tangut";

/** Characters whose script has changed since Unicode 9. */
const changed: Readonly<Record<number, string>> = {
  0x589: "Common",
  0x61c: "Common",
  0x953: "Devanagari",
  0x954: "Devanagari",
};

let tests: { name: string; pattern: RegExp }[] | undefined;
const known = new Map<number, string>();

/** The script's name; asking the runtime is slow, so each character is asked for once. */
export function scriptOf(point: number): string {
  let script = known.get(point);
  if (script === undefined) {
    script = characterTest("scriptless")(point) ? "any" : findScript(point);
    known.set(point, script);
  }
  return script;
}

/** The script by this runtime's Unicode. */
export function findScript(point: number): string {
  if (point === 0x20) return "any";
  if (point === 0x30fc) return "Han";
  tests ??= names.split(" ").map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, "u") }));
  const character = String.fromCodePoint(point);
  const found = changed[point] ?? tests.find(({ pattern }) => pattern.test(character))?.name ?? "any";
  return found === "Hiragana" || found === "Katakana" ? "Han" : found;
}
