/** The options of `words train` that shape a training: for which methods each is, and what the trainers call it. */
import { type Option, type Options, UsageError } from "../arguments.ts";

export const methods = ["word2vec", "glove", "fasttext"] as const;
export type Method = (typeof methods)[number];

/** What the trainers of the library take, by their names. */
export type TrainerSettings = Record<string, string | number | boolean>;

interface TrainerOption {
  readonly option: Option;
  readonly methods: readonly Method[];
  /** The option's value as the trainers take it. */
  readonly to: string | ((value: string | number | boolean) => TrainerSettings);
  /** What another method has in its place. */
  readonly instead?: Partial<Record<Method, string>>;
}

const predicting: readonly Method[] = ["word2vec", "fasttext"];

const table: Readonly<Record<string, TrainerOption>> = {
  dimensions: whole(methods, "dimensions", "Length of a vector (default 100)", 1),
  window: whole(methods, "window", "Words on each side (word2vec and fasttext 5, glove 10)", 1),
  epochs: whole(methods, "epochs", "Passes over the text (word2vec and fasttext 5, glove 15)", 1),
  "learning-rate": number(
    methods,
    "learningRate",
    "At the start (word2vec .025, with --cbow .15; glove, fasttext .05, its --cbow-gradient mean .2)",
  ),
  threads: whole(methods, "threads", "Cores (default 1)", 1),
  seed: whole(methods, "seed", "One thread and one seed give the same vectors again (default 1)", 0),
  "min-count": whole(methods, "minCount", "Rarer words are left out (default 5)", 0),
  "max-vocabulary": whole(methods, "maxVocabulary", "Keep only the N most frequent words", 1),
  "memory-limit": {
    option: {
      type: "whole",
      value: "MB",
      least: 1,
      describe: "More text than this goes to a temporary file (default 80; glove, counts included, 240)",
    },
    methods,
    to: (megabytes) => ({ memoryLimit: Number(megabytes) * 2 ** 20 }),
  },
  cbow: {
    option: { type: "flag", describe: "The context predicts the word, not the word its context" },
    methods: predicting,
    to: () => ({ architecture: "cbow" }),
  },
  negative: whole(predicting, "negative", "Random words against each prediction (default 5)", 0),
  sample: number(predicting, "sample", "Thin out words above this share of the text (word2vec 1e-3, fasttext 1e-4)"),
  "hierarchical-softmax": {
    option: { type: "flag", describe: "Predict by a Huffman tree beside the negatives, or instead (--negative 0)" },
    methods: ["word2vec"],
    to: () => ({ hierarchicalSoftmax: true }),
    instead: { fasttext: "--loss hs" },
  },
  "ns-exponent": number(["word2vec"], "nsExponent", "Negatives are drawn by count to this power (default .75)"),
  "cbow-gradient": choice(
    predicting,
    "cbowGradient",
    ["mean", "word2vec"],
    "With --cbow: the error is divided among the context, or each word gets the whole (word2vec mean, fasttext word2vec)",
  ),
  "checkpoint-minutes": number(
    ["word2vec"],
    "checkpointMinutes",
    "With --checkpoint: keep the state within an epoch too, every X minutes",
  ),
  deterministic: {
    option: { type: "flag", describe: "Repeatable with several threads too; often faster, for more memory" },
    methods: ["word2vec"],
    to: () => ({ deterministic: true }),
    instead: { glove: "--threads 1", fasttext: "--threads 1" },
  },
  loss: {
    ...choice(["fasttext"], "loss", ["ns", "hs", "softmax"], "How a word is predicted (default ns)"),
    instead: { word2vec: "--negative N or --hierarchical-softmax" },
  },
  "min-n": whole(["fasttext"], "minN", "Shortest n-gram of characters (default 3)", 0),
  "max-n": whole(["fasttext"], "maxN", "Longest n-gram of characters, 0 for none (default 6)", 0),
  buckets: whole(["fasttext"], "buckets", "Rows that n-grams are hashed into (default 2000000)", 1),
  "x-max": number(["glove"], "xMax", "Co-occurrences from here on count fully (default 10; 100 for billions of words)"),
  alpha: {
    ...number(["glove"], "alpha", "Rarer ones count (x / x-max) to this power (default .75)"),
    instead: { word2vec: "--learning-rate", fasttext: "--learning-rate" },
  },
  "gradient-clip": number(["glove"], "gradientClip", "Parts of a gradient are cut to ± this (default 100)"),
  asymmetric: {
    option: { type: "flag", describe: "Count words on one side only" },
    methods: ["glove"],
    to: () => ({ symmetric: false }),
  },
  "flat-window": {
    option: { type: "flag", describe: "A word at distance d counts 1, not 1 / d" },
    methods: ["glove"],
    to: () => ({ distanceWeighting: false }),
  },
  "bias-convention": choice(
    ["glove"],
    "biasConvention",
    ["since-2019", "before-2019"],
    "The C tool's steps of the biases, today's or those of 2014 (default since-2019)",
  ),
  sides: choice(
    ["glove"],
    "output",
    ["sum", "word"],
    "A vector is the sum of a word's two sides, or its own alone (default sum)",
  ),
  mu: number(["glove"], "mu", "With --initial: how strongly words are held near their vectors (default .1)"),
};

/** For the command's own table. */
export const trainerOptions: Options = Object.fromEntries(
  Object.entries(table).map(([name, { option, methods: own }]) => [
    name,
    own === methods ? option : { ...option, describe: `${own.join(", ")}: ${lowerFirst(option.describe)}` },
  ]),
);

/** What was given, as the method's trainer takes it. Throws {@link UsageError} for an option of another method, with what to do instead. */
export function trainerSettings(method: Method, options: Readonly<Record<string, unknown>>): TrainerSettings {
  const settings: TrainerSettings = {};
  for (const [name, { methods: own, to, instead }] of Object.entries(table)) {
    const value = options[name] as string | number | boolean | undefined;
    if (value === undefined || value === false) continue;
    if (!own.includes(method)) {
      const other = instead?.[method] ? `${method} has ${instead[method]} in its place` : `leave it out`;
      throw new UsageError(`--${name} is for ${own.join(" and ")}, not for ${method}: ${other}.`);
    }
    Object.assign(settings, typeof to === "string" ? { [to]: value } : to(value));
  }
  checkTogether(method, settings);
  return settings;
}

/** A message of the library in the words of the command line: `minCount` is `--min-count`. */
export function inFlags(message: string): string {
  return Object.entries(table).reduce(
    (text, [flag, { to }]) =>
      typeof to === "string" && /[A-Z]/.test(to) ? text.replaceAll(new RegExp(`\\b${to}\\b`, "g"), `--${flag}`) : text,
    message,
  );
}

function checkTogether(method: Method, settings: TrainerSettings): void {
  const { architecture, cbowGradient, negative, hierarchicalSoftmax, loss, minN = 3, maxN = 6 } = settings;
  if (cbowGradient !== undefined && architecture !== "cbow")
    throw new UsageError("--cbow-gradient is for --cbow. Add --cbow, or leave it out.");
  const tree = method === "word2vec" ? "--hierarchical-softmax" : "--loss hs";
  if (negative === 0 && hierarchicalSoftmax !== true)
    throw new UsageError(`--negative 0 leaves nothing to learn from. Use ${tree} too, or --negative 5.`);
  if (negative !== undefined && loss !== undefined && loss !== "ns")
    throw new UsageError(`--negative is for --loss ns, not for ${loss}. Leave one of the two out.`);
  if (Number(maxN) > 0 && Number(minN) > Number(maxN))
    throw new UsageError(`--min-n is ${minN}, --max-n only ${maxN}. Give both, or --max-n 0 for no n-grams.`);
}

function whole(own: readonly Method[], to: string, describe: string, least: number): TrainerOption {
  return { option: { type: "whole", value: "N", least, describe }, methods: own, to };
}

function number(own: readonly Method[], to: string, describe: string): TrainerOption {
  return { option: { type: "number", value: "X", describe }, methods: own, to };
}

function choice(own: readonly Method[], to: string, choices: readonly string[], describe: string): TrainerOption {
  return { option: { type: "string", value: "NAME", choices, describe }, methods: own, to };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
