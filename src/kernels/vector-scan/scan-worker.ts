/** A thread that scans blocks: each message is a block (once) and a job; the answer is what its lane found. */
import { parentThread } from "#platform";
import type { FoundRows } from "./best-rows.ts";
import type { BlockLayout } from "./block-layout.ts";
import { scanKernel, type ScanKernel } from "./scan-kernel.ts";
import { scanChunks, type ScanJob } from "./scan-lane.ts";

export interface ScanRequest {
  lane: number;
  block: number;
  /** With the first job on a block. */
  open?: { memory: WebAssembly.Memory; layout: BlockLayout } | undefined;
  job: ScanJob;
}

export type ScanAnswer = { found: FoundRows[] } | { message: string };

const thread = parentThread();
const blocks = new Map<number, { memory: WebAssembly.Memory; layout: BlockLayout; kernel: ScanKernel }>();

thread?.listen((message) => {
  const { lane, block, open, job } = message as ScanRequest;
  try {
    if (open) blocks.set(block, { ...open, kernel: scanKernel(open.memory) });
    const answer: ScanAnswer = { found: scanChunks(blocks.get(block)!, job, lane) };
    thread.post(answer);
  } catch (error) {
    const answer: ScanAnswer = { message: error instanceof Error ? error.message : String(error) };
    thread.post(answer);
  }
});
thread?.keepAlive(true);
