/** `semspace index …`: an index of a folder's documents on disk. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  build: { summary: "Make an index of a folder's documents", load: () => import("./index-build.ts") },
  update: { summary: "Bring an index up to its folder", load: () => import("./index-update.ts") },
  search: { summary: "Search an index by meaning and by words", load: () => import("./index-search.ts") },
  info: { summary: "Say what an index holds", load: () => import("./index-info.ts") },
};
