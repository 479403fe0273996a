/** What cuts a text into words; empty words are dropped by the caller, and a word may be changed on the way (ByteLevel, Metaspace). */
import type { AlignedText } from "../aligned-text.ts";

export type PreTokenizer = (text: AlignedText) => AlignedText[];
