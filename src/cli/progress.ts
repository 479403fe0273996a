/** A progress bar on stderr, on a terminal only; elsewhere it is silent. One stage after the other, each with its own rate. */
import type { SingleBar } from "cli-progress";

export interface Progress {
  /**
   * Shows how far a stage is. `total` 0 shows a count without an end. A `note` stands in place of the count and of the time that the bar
   * itself would expect.
   */
  update(stage: string, done: number, total: number, options?: { note?: string }): void;
  /** Takes the bar away. */
  stop(): void;
}

/** Milliseconds before a bar appears: quick work shows none. */
const PATIENCE = 400;

export async function openProgress(): Promise<Progress> {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const { default: cliProgress } = await import("cli-progress");
  const started = Date.now();
  let bar: SingleBar | undefined;
  let shown = "";
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    update(stage, done, total, { note } = {}) {
      if (stage !== shown) stop();
      shown = stage;
      if (!bar && Date.now() - started < PATIENCE) return;
      if (!bar) {
        const options = {
          format: barFormat(stage, total, note !== undefined),
          clearOnComplete: true,
          // A note is to fit beside the bar in 80 columns.
          barsize: note === undefined ? 30 : 12,
          hideCursor: false,
          linewrap: true,
          stream: process.stderr,
          fps: 10,
        };
        bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
        bar.start(total, done, { note });
      } else {
        if (total !== bar.getTotal()) bar.setTotal(total);
        bar.update(done, { note });
      }
    },
    stop,
  };
}

function barFormat(stage: string, total: number, noted: boolean): string {
  if (noted) return `${stage} {bar} {percentage} % · {note}`;
  return total > 0 ? `${stage} {bar} {value}/{total} · {eta_formatted} left` : `${stage} {value}`;
}
