/** What `words train` was asked to do, checked as a whole before any of it is done. */
import { existsSync } from "node:fs";
import { SemspaceError } from "../../errors.ts";
import { suggestion, UsageError, type Values } from "../arguments.ts";
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
  checkpoint: { type: "string", value: "FILE", describe: "Keep the state here after every epoch" },
  resume: { type: "flag", describe: "Go on from the --checkpoint of a training that was ended" },
  continue: {
    type: "string",
    value: "MODEL",
    describe: "Train the model of a --checkpoint further, on this text and its new words",
  },
  initial: {
    type: "string",
    value: "FILE",
    describe: "glove: word vectors to begin with and to stay near to (Mittens)",
  },
} as const;

export const trainOptions: typeof ownOptions & typeof textOptions & typeof trainerOptions = {
  ...ownOptions,
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
}

/** Throws {@link UsageError} for what does not go together, and what a file that cannot be there or be written throws. */
export async function readPlan(
  positionals: readonly string[],
  options: Values<typeof ownOptions & typeof textOptions>,
): Promise<Plan> {
  const method = methodOf(positionals, options.method);
  const settings = trainerSettings(method, options);
  const { input, output } = options;
  if (input === undefined || output === undefined) throw new UsageError("--input FILE and --output FILE are needed.");
  const plan = { ...options, method, settings, input, output, text: options };
  checkTextOptions(input, options);
  checkBeginning(plan, options);
  await checkPlaces(
    { "--input": input, "--initial": plan.initial, "--vocabulary": options.vocabulary, "--continue": plan.continue },
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
  const close = names.length === 1 ? suggestion(names[0], methods) : "";
  throw new UsageError(`One of ${methods.join(", ")} is needed, got "${names.join(" ")}".${close}`);
}

function checkBeginning(plan: Plan, options: Readonly<Record<string, unknown>>): void {
  if (plan.resume && plan.checkpoint === undefined)
    throw new UsageError("--resume needs --checkpoint FILE, the state to go on from.");
  if (plan.resume && plan.continue !== undefined)
    throw new UsageError("--resume goes on with a training that was ended, --continue begins one. Give one of them.");
  for (const name of ["dimensions", "vocabulary", "initial"])
    if (plan.continue !== undefined && options[name] !== undefined)
      throw new UsageError(`--continue takes over the model's own: leave --${name} out.`);
  if (plan.initial !== undefined && plan.method !== "glove")
    throw new UsageError(`--initial is for glove, not for ${plan.method}: --continue trains a model further.`);
  if (plan.initial === undefined && plan.settings["mu"] !== undefined)
    throw new UsageError("--mu is for --initial. Add --initial FILE, or leave it out.");
}

function checkCheckpoint({ checkpoint, resume }: Plan): void {
  if (checkpoint === undefined) return;
  const there = existsSync(checkpoint);
  if (there && !resume)
    throw new UsageError(`${checkpoint} is there already. Add --resume to go on from it, or remove it to begin anew.`);
  if (!there && resume)
    throw new SemspaceError("missing-file", `No checkpoint ${checkpoint} to go on from. Leave --resume out to begin.`);
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
