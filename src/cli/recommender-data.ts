/** The files that `semspace recommend` reads: sessions and items. */
import { SemspaceError, shown } from "../errors.ts";
import type { Metadata } from "../search/filter.ts";
import type { CatalogItem } from "../tasks/recommendation/index.ts";
import { lineBatches } from "./lines.ts";

/** A session a line, or JSONL `{"user": …, "items": […]}`: then by user; lines of one user follow each other. */
export async function readSessions(path: string): Promise<string[][] | Map<string, string[]>> {
  if (!/\.(jsonl|ndjson)$/i.test(path)) {
    const sessions: string[][] = [];
    for await (const lines of lineBatches([path]))
      for (const line of lines) if (line.trim() !== "") sessions.push(line.trim().split(/\s+/));
    return sessions;
  }
  const users = new Map<string, string[]>();
  for await (const { value, where } of jsonLines(path)) {
    const { user, items } = value;
    if (!Array.isArray(items) || !items.every((item) => typeof item === "string" || typeof item === "number"))
      throw new SemspaceError("invalid-file", `${where} must have a list of ids "items", got ${shown(items)}.`);
    const name = typeof user === "string" || typeof user === "number" ? String(user) : String(users.size + 1);
    users.set(name, [...(users.get(name) ?? []), ...items.map(String)]);
  }
  return users;
}

/** JSONL `{"id": …, "text": …}`; the other keys are metadata. */
export async function readItems(path: string): Promise<CatalogItem[]> {
  const items: CatalogItem[] = [];
  for await (const { value, where } of jsonLines(path)) {
    const { id, text, ...metadata } = value;
    if (typeof id !== "string" && typeof id !== "number")
      throw new SemspaceError("invalid-file", `${where} must have an "id", got ${shown(id)}.`);
    if (text !== undefined && typeof text !== "string")
      throw new SemspaceError("invalid-file", `"text" of ${where} must be a string, got ${shown(text)}.`);
    items.push({
      id: String(id),
      ...(text !== undefined && { text }),
      ...(Object.keys(metadata).length > 0 && { metadata: metadata as Metadata }),
    });
  }
  return items;
}

async function* jsonLines(path: string): AsyncGenerator<{ value: Record<string, unknown>; where: string }> {
  let number = 0;
  for await (const lines of lineBatches([path])) {
    for (const line of lines) {
      number += 1;
      if (line.trim() === "") continue;
      const where = `Line ${number} of ${path}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        value = undefined;
      }
      if (value === null || typeof value !== "object" || Array.isArray(value))
        throw new SemspaceError("invalid-file", `${where} must be a JSON object, got ${shown(line)}.`);
      yield { value: value as Record<string, unknown>, where };
    }
  }
}
