/** What a command is about besides its intent: the lamp, the room, the number. Found by a pattern, a list of words, or a function. */
import { SemspaceError } from "../../errors.ts";

/** A pattern (its first group, else all that it matches), words of which the text says one, or a function. */
export type SlotFinder = RegExp | readonly string[] | ((text: string) => SlotValue | Promise<SlotValue>);
export type SlotValue = string | undefined;

/** The slots that the text fills. */
export async function fillSlots(
  text: string,
  finders: Readonly<Record<string, SlotFinder>>,
): Promise<Record<string, string>> {
  const slots: Record<string, string> = {};
  for (const [name, finder] of Object.entries(finders)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, in the order of the slots
    const value = typeof finder === "function" ? await finder(text) : slotValue(text, finder);
    if (value !== undefined) slots[name] = value;
  }
  return slots;
}

function slotValue(text: string, finder: RegExp | readonly string[]): SlotValue {
  if (finder instanceof RegExp) {
    // A copy, since a pattern with g or y remembers where it was.
    const found = new RegExp(finder.source, finder.flags.replace(/[gy]/g, "")).exec(text);
    return found?.[1] ?? found?.[0];
  }
  // The longest first: "living room" before "room".
  const words = finder.toSorted((a, b) => b.length - a.length).map((word) => escaped(word));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "iu");
  const found = pattern.exec(text)?.[0];
  return found === undefined ? undefined : finder.find((word) => word.toLowerCase() === found.toLowerCase());
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** As a file keeps it. */
export type SavedSlot = { readonly pattern: string; readonly flags: string } | { readonly words: readonly string[] };

/** Throws `unsupported` for a function. */
export function savedSlot(intent: string, name: string, finder: SlotFinder): SavedSlot {
  if (finder instanceof RegExp) return { pattern: finder.source, flags: finder.flags };
  if (typeof finder !== "function") return { words: finder };
  throw new SemspaceError(
    "unsupported",
    `The slot "${name}" of "${intent}" is a function, which no file can hold. Use a pattern or words, or give the function again as "entities" when loading.`,
  );
}

/** Undefined for what is no saved slot. */
export function loadedSlot(value: unknown): SlotFinder | undefined {
  const { pattern, flags, words } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  if (typeof pattern !== "string" || typeof flags !== "string") return undefined;
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
