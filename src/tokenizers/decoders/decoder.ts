/** What turns the tokens of a text back into readable text: a list of tokens to a list of texts, joined at the end. */
export type Decoder = (tokens: readonly string[]) => string[];
