/** `semspace recommend`: items for a history, from sessions, from the items' texts, or both. */
import type { Filter, MetadataValue } from "../../search/filter.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command, type Invocation } from "../command.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { readItems, readSessions } from "../recommender-data.ts";
import { printable } from "../terminal.ts";
import type { Recommendation, Recommender } from "../../tasks/recommendation/index.ts";

const options = {
  sessions: {
    type: "string",
    short: "s",
    value: "FILE",
    describe: 'A session a line, items between spaces or tabs, oldest first; or JSONL {"user": …, "items": […]}',
  },
  items: {
    type: "string",
    short: "i",
    value: "FILE",
    describe: 'JSONL {"id": …, "text": …, …}: what the items are; other keys are for --filter',
  },
  recommender: {
    type: "string",
    short: "r",
    value: "FILE",
    describe: "A recommender that was saved, in place of --sessions and --items",
  },
  output: { type: "string", short: "o", value: "FILE", describe: "Save the recommender" },
  user: { type: "string", value: "NAME", describe: "Recommend for a user of the sessions" },
  similar: { type: "flag", describe: "Items that go with the one that is named" },
  next: { type: "flag", describe: "What comes next in a session: the last items count most" },
  top: { type: "whole", short: "k", value: "N", least: 1, default: 10, describe: "How many" },
  filter: { type: "string", value: "JSON", describe: 'Only items whose keys pass: {"year": {"$gte": 1990}}' },
  model: { ...modelOption, describe: "Makes vectors of the items' texts (default: the model that the package ships)" },
  epochs: { type: "whole", value: "N", least: 1, default: 20, describe: "Passes over the sessions" },
  dimensions: { type: "whole", value: "N", least: 1, default: 32, describe: "Length of an item's vector" },
  linear: {
    type: "number",
    value: "W",
    default: 0,
    describe: "Weight of the linear signal (EASE), for catalogues of up to 6,000 items",
  },
  content: {
    type: "number",
    value: "W",
    describe: "Weight of the texts' own likeness (default 0.1; without sessions 1)",
  },
  seed: { type: "whole", value: "N", default: 1, describe: "The same seed gives the same recommender" },
} as const;
type Call = Invocation<typeof options>;

export const command: Command = defineCommand({
  name: "recommend",
  summary: "Recommends items from sessions, from what the items are about, or from both.",
  positionals: "ITEM… (--sessions FILE | --items FILE | --recommender FILE)",
  description: "The items are a history, oldest first. Without any, the most popular come first.",
  options,
  examples: [
    ["semspace recommend alien brazil --sessions orders.txt", "items for somebody who took these two"],
    [
      "semspace recommend alien --similar --sessions orders.txt --items films.jsonl -o films.rec",
      "and keep the recommender",
    ],
    [
      'semspace recommend --user 42 -r films.rec --filter \'{"year": {"$gte": 1990}}\' --json',
      '{"item": …, "score": …} a line',
    ],
  ],
  async run(call) {
    const { options: given, positionals, terminal } = call;
    checkUsage(call);
    const recommender = await open(call);
    if (given.output !== undefined) {
      const { saveRecommender } = await import("../../tasks/recommendation/index.ts");
      await saveRecommender(recommender, given.output);
      if (positionals.length === 0 && given.user === undefined) {
        const count = recommender.items.length.toLocaleString("en");
        return terminal.message(`A recommender of ${count} items written to ${given.output}`);
      }
    }
    for (const one of recommended(recommender, call)) await terminal.write(line(one, call));
  },
});

function checkUsage({ options: given, positionals }: Call): void {
  const hasData = given.sessions !== undefined || given.items !== undefined;
  if (hasData === (given.recommender !== undefined))
    throw new UsageError("Give --sessions FILE, --items FILE or both, or --recommender FILE.");
  if (given.user !== undefined && positionals.length > 0) throw new UsageError("Give items, or --user NAME, not both.");
  if (given.similar && (positionals.length !== 1 || given.next))
    throw new UsageError("--similar is about one item, and goes without --next: semspace recommend ITEM --similar.");
}

async function open({ options: given }: Call): Promise<Recommender> {
  const { createRecommender, loadRecommender } = await import("../../tasks/recommendation/index.ts");
  if (given.recommender !== undefined) return loadRecommender(given.recommender);
  const sessions = given.sessions === undefined ? [] : await readSessions(given.sessions);
  const items = given.items === undefined ? [] : await readItems(given.items);
  const hasTexts = items.some(({ text }) => text !== undefined);
  const embedder = hasTexts ? await modelEmbedder(given.model) : undefined;
  const progress = await openProgress();
  const { linear = 0, content, epochs = 20, dimensions = 32, seed = 1 } = given;
  try {
    return await createRecommender(
      { sessions, items, ...(embedder && { embedder }) },
      {
        ...{ epochs, dimensions, seed },
        weights: { linear, ...(content !== undefined && { content }) },
        onProgress: ({ stage, fraction }) => progress.update(stage, Math.round(100 * fraction), 100),
      },
    );
  } finally {
    progress.stop();
    await embedder?.dispose();
  }
}

function recommended(recommender: Recommender, { options: given, positionals }: Call): Recommendation[] {
  const settings = { top: given.top ?? 10, ...(given.filter !== undefined && { filter: filterOf(given.filter) }) };
  if (given.user !== undefined) return recommender.forUser(given.user, settings);
  if (given.similar) return recommender.similar(positionals[0], settings);
  return given.next ? recommender.next(positionals, settings) : recommender.recommend(positionals, settings);
}

function filterOf(text: string): Filter {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object") return value as Filter;
  } catch {
    // Said below.
  }
  throw new UsageError(`--filter must be a JSON object such as {"year": {"$gte": 1990}}, got ${text}.`);
}

function line({ item, score, metadata }: Recommendation, { options: { json }, terminal }: Call): string {
  if (json) return `${JSON.stringify({ item, score, ...(metadata && { metadata }) })}\n`;
  const { green, dim } = terminal.style;
  const about = metadata ? dim(printable(Object.values(metadata).map(plain).join(" · "))) : "";
  return `${green(score.toFixed(4).padStart(9))}  ${printable(item)}  ${about}`.trimEnd().concat("\n");
}

/** A value of the metadata for people. */
function plain(value: MetadataValue): string {
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
}
