/** Entities of a user's own kinds: a tagger that is trained on the vectors of words in context. */
export { spansOf, toBio, type TokenSpan } from "./bio.ts";
export { readConll, type TaggedTokens } from "./conll.ts";
export { type TaggedEntity, Tagger, type TokenTag } from "./tagger.ts";
export { loadTagger, saveTagger, taggerBytes } from "./tagger-file.ts";
export {
  type TaggedText,
  type TaggerOptions,
  type TaggerProgress,
  type TaggingExample,
  trainTagger,
} from "./train-tagger.ts";
