/** The phrases that say what a text is about. */
export { type CandidateOptions, keywordCandidates } from "./candidates.ts";
export { type Keyword, type KeywordOptions, keywords, type KeywordSelection, keywordSelections } from "./keywords.ts";
