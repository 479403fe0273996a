/** A progress bar on stderr, on a terminal only; elsewhere it is silent. One stage after the other, each with its own rate. */
import type { SingleBar } from "cli-progress";

export interface Progress {
  /** Shows how far a stage is. `total` 0 shows a count without an end. */
  update(stage: string, done: number, total: number): void;
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
    update(stage, done, total) {
      if (stage !== shown) stop();
      shown = stage;
      if (!bar && Date.now() - started < PATIENCE) return;
      if (!bar) {
        const format = total > 0 ? `${stage} {bar} {value}/{total} · {eta_formatted} left` : `${stage} {value}`;
        const options = {
          format,
          clearOnComplete: true,
          barsize: 30,
          hideCursor: false,
          linewrap: true,
          stream: process.stderr,
          fps: 10,
        };
        bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
        bar.start(total, done);
      } else {
        if (total !== bar.getTotal()) bar.setTotal(total);
        bar.update(done);
      }
    },
    stop,
  };
}
