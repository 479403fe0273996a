/** The sentences that stand for a text. */
export { type SummaryMethod, summaryMethods } from "./centrality.ts";
export { type Sentence, sentencesOf } from "./sentences.ts";
export { summarize, type Summary, type SummaryOptions, type SummarySentence } from "./summarize.ts";
