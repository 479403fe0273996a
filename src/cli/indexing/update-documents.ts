/** What `index build` and `index update` do: find the changes, then put them into the index, with a bar, until Ctrl-C. */
import { openProgress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { interruptible } from "../training/interruptible.ts";
import { findChanges } from "./changes.ts";
import type { FileTable } from "./file-table.ts";
import { IndexUpdater } from "./index-updater.ts";
import { openDocuments, passageOptions } from "./open-documents.ts";

export interface UpdateOptions {
  json: boolean;
  terminal: Terminal;
}

/** Gives the exit code. */
export async function updateDocuments(path: string, table: FileTable, options: UpdateOptions): Promise<number> {
  const { terminal } = options;
  const progress = await openProgress();
  const warn = (message: string): void => {
    progress.stop();
    terminal.warn(message);
  };
  const started = performance.now();
  const { include, exclude } = table.settings;
  const unreadable = (place: string, reason: string): void => warn(`skipped ${place}: ${reason}`);
  const onFound = (files: number): void => progress.update("looking for changes", files, 0);
  const changes = await findChanges(table, { include, exclude, unreadable, index: path, onProgress: onFound });
  const { index, embedder, folder } = await openDocuments(path, table.settings, true);
  let updater: IndexUpdater | undefined;
  try {
    const passages = await passageOptions(folder, table.settings);
    const begun = performance.now();
    const code = await interruptible(
      async (signal) => {
        const onProgress = (done: number, total: number, embedded: number): void => {
          const seconds = (performance.now() - begun) / 1000;
          progress.update("embedding", done, total, { note: rate({ done, total, embedded, seconds }) });
        };
        updater = new IndexUpdater(index, table, { passages, warn, onProgress, signal });
        try {
          await updater.run(changes);
        } finally {
          await updater.finish();
        }
      },
      () => terminal.message(`Stopped. ${path} can be searched; semspace index update ${path} goes on from here.`),
    );
    progress.stop();
    const seconds = (performance.now() - started) / 1000;
    await report(path, { updater: updater!, table, seconds, passages: await index.count() }, options);
    return code;
  } finally {
    progress.stop();
    await index.close();
    await embedder.dispose();
  }
}

function rate({
  done,
  total,
  embedded,
  seconds,
}: {
  done: number;
  total: number;
  embedded: number;
  seconds: number;
}): string {
  const left = done > 0 ? (seconds * (total - done)) / done : 0;
  const time = left >= 90 ? `${Math.round(left / 60)} min` : `${Math.ceil(left)} s`;
  return `${embedded} passages · ${(embedded / Math.max(seconds, 0.001)).toFixed(0)}/s · ${time} left`;
}

interface Done {
  updater: IndexUpdater;
  table: FileTable;
  seconds: number;
  passages: number;
}

async function report(
  path: string,
  { updater, table, seconds, passages }: Done,
  { json, terminal }: UpdateOptions,
): Promise<void> {
  const { counts } = updater;
  if (json) {
    const result = { index: path, files: table.files.size, ...counts, passages, seconds: Number(seconds.toFixed(3)) };
    await terminal.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { read, same, removed, skipped, embedded } = counts;
  const parts = [
    `${read} files read`,
    `${same} unchanged`,
    `${removed} removed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  terminal.message(
    `${path}: ${parts.join(", ")}; ${embedded} passages embedded, ${passages} in all, in ${seconds.toFixed(1)} s`,
  );
}
