/** What changes a text before it is cut into words; the changed text keeps its alignment to the user's string. */
import type { AlignedText } from "../aligned-text.ts";

export type Normalizer = (text: AlignedText) => AlignedText;
