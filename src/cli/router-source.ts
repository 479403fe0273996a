/** What `semspace route` works with: a router's file, or a JSON file of intents from which one is made. */
import { readFile } from "node:fs/promises";
import { SemspaceError } from "../errors.ts";
import type { Intent, Router, RouterOptions, SlotFinder } from "../tasks/index.ts";
import type { Embedder } from "../texts/embedder.ts";

/** A `.json` file makes a new router; any other is one. */
export async function routerFrom(path: string, embedder: Embedder, options: RouterOptions): Promise<Router> {
  const { createRouter, loadRouter } = await import("../tasks/index.ts");
  if (!path.endsWith(".json")) return loadRouter(path, embedder);
  return createRouter(embedder, await readIntents(path), options);
}

async function readIntents(path: string): Promise<Record<string, Intent>> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${path} (${cause.code}).`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${path} is no JSON.`, { cause });
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw wrong(path, "it is no object");
  return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, intentOf(given, path, name)]));
}

function intentOf(given: unknown, path: string, name: string): Intent {
  const texts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((text) => typeof text === "string");
  if (texts(given)) return given;
  const { examples, slots = {} } = (given ?? {}) as { examples?: unknown; slots?: unknown };
  if (!texts(examples) || slots === null || typeof slots !== "object")
    throw wrong(path, `"${name}" has no list of phrases`);
  const finders = Object.entries(slots).map(([slot, finder]): [string, SlotFinder] => {
    if (texts(finder)) return [slot, finder];
    const parts = typeof finder === "string" ? /^\/(.+)\/([a-z]*)$/s.exec(finder) : null;
    if (!parts) throw wrong(path, `the slot "${slot}" of "${name}" is neither a list of words nor a "/pattern/"`);
    try {
      return [slot, new RegExp(parts[1], parts[2])];
    } catch {
      throw wrong(path, `the slot "${slot}" of "${name}" is no pattern: ${parts[0]}`);
    }
  });
  return { examples, slots: Object.fromEntries(finders) };
}

function wrong(path: string, why: string): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `${path} holds no intents: ${why}. Write {"intent": ["phrase", …]} or {"intent": {"examples": […], "slots": {"room": ["kitchen"], "percent": "/(\\d+) ?%/"}}}.`,
  );
}
