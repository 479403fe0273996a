/** What `words train` was asked to do, checked as a whole before any of it is done. */
import { suggestion, UsageError, type Values } from "../arguments.ts";
import { checkCheckpoint, checkGoingOn, checkpointOptions } from "./checkpoint.ts";
import { checkPlaces } from "./places.ts";
import { checkTextOptions, textOptions } from "./text-options.ts";
import { type Method, methods, trainerOptions, type TrainerSettings, trainerSettings } from "./trainer-options.ts";

const ownOptions = {
  method: {
    type: "string",
    value: "NAME",
    choices: ["word2vec", "glove", "fasttext"] as const,
    describe: "The method, where it is not given first",
  },
  input: { type: "string", value: "FILE", describe: "Text, .gz, or - for standard input" },
  output: { type: "string", value: "FILE", describe: "Where the vectors go" },
  initial: {
    type: "string",
    value: "FILE",
    describe: "glove: word vectors to begin with and to stay near to (Mittens)",
  },
  "pretrained-vectors": {
    type: "string",
    value: "FILE",
    describe: "fasttext: word vectors to begin with; their words become words of the model",
  },
} as const;

/** What a model that is trained further has its own of. */
const ownOfModels = ["dimensions", "vocabulary", "initial", "pretrained-vectors", "buckets", "min-n", "max-n"];

export const trainOptions: typeof ownOptions & typeof checkpointOptions & typeof textOptions & typeof trainerOptions = {
  ...ownOptions,
  ...checkpointOptions,
  ...trainerOptions,
  ...textOptions,
};

export interface Plan {
  method: Method;
  settings: TrainerSettings;
  input: string;
  output: string;
  text: Values<typeof textOptions>;
  checkpoint: string | undefined;
  resume: boolean;
  continue: string | undefined;
  initial: string | undefined;
  pretrained: string | undefined;
}

/** Throws {@link UsageError} for what does not go together, and what a file that cannot be there or be written throws. */
export async function readPlan(
  positionals: readonly string[],
  options: Values<typeof ownOptions & typeof checkpointOptions & typeof textOptions>,
): Promise<Plan> {
  const method = methodOf(positionals, options.method);
  const settings = trainerSettings(method, options);
  const { input, output } = options;
  if (input === undefined || output === undefined) throw new UsageError("--input FILE and --output FILE are needed.");
  const pretrained = options["pretrained-vectors"];
  const plan = { ...options, method, settings, input, output, pretrained, text: options };
  checkTextOptions(input, options);
  checkBeginning(plan, options);
  await checkPlaces(
    {
      "--pretrained-vectors": pretrained,
      "--input": input,
      "--initial": plan.initial,
      "--vocabulary": options.vocabulary,
      "--continue": plan.continue,
    },
    { "--output": output, "--checkpoint": plan.checkpoint, "--save-vocabulary": options["save-vocabulary"] },
  );
  checkCheckpoint(plan);
  await checkEnding(plan);
  return plan;
}

function methodOf(positionals: readonly string[], option: Method | undefined): Method {
  const names = [...positionals, ...(option === undefined || option === positionals[0] ? [] : [option])];
  const method = names.length === 1 ? methods.find((each) => each === names[0]) : undefined;
  if (method) return method;
  const more = names.length > 1 && names.some((name) => methods.some((each) => each === name));
  const close = more ? " The text is given by --input FILE." : names.length === 1 ? suggestion(names[0], methods) : "";
  throw new UsageError(`One of ${methods.join(", ")} is needed, got "${names.join(" ")}".${close}`);
}

function checkBeginning(plan: Plan, options: Readonly<Record<string, unknown>>): void {
  checkGoingOn(options as typeof plan & Record<string, unknown>, ownOfModels);
  for (const [name, method] of [
    ["initial", "glove"],
    ["pretrained-vectors", "fasttext"],
  ] as const) {
    if (options[name] === undefined || plan.method === method) continue;
    const instead = { glove: "--initial", fasttext: "--pretrained-vectors", word2vec: "--continue MODEL" }[plan.method];
    throw new UsageError(`--${name} is for ${method}, not for ${plan.method}: use ${instead}.`);
  }
  if (plan.checkpoint === undefined && plan.settings["checkpointMinutes"] !== undefined)
    throw new UsageError("--checkpoint-minutes is for --checkpoint. Add --checkpoint FILE, or leave it out.");
  if (plan.initial === undefined && plan.settings["mu"] !== undefined)
    throw new UsageError("--mu is for --initial. Add --initial FILE, or leave it out.");
}

/** An ending that says nothing is found now, not after hours of training. */
async function checkEnding({ method, output }: Plan): Promise<void> {
  if (method === "fasttext" && isModelFile(output)) return;
  const { chosenFormat } = await import("../../words/formats/save.ts");
  chosenFormat(output);
}

/** Whether fastText writes its whole model under such a name. */
export function isModelFile(name: string): boolean {
  return /\.(bin|ftz)$/i.test(name);
}
