/** Our side of fasttext.bench.ts as a process of its own: what to train, corpus, settings as JSON and output on the command line. */
import {
  type FastTextClassifierOptions,
  type FastTextOptions,
  saveFastText,
  trainFastText,
  trainFastTextClassifier,
} from "../src/words/index.ts";

const [kind, corpus, settings, output] = process.argv.slice(2);
const options = JSON.parse(settings) as FastTextOptions & FastTextClassifierOptions;
const model = await (kind === "words" ? trainFastText(corpus, options) : trainFastTextClassifier(corpus, options));
await saveFastText(model, output);
