/** A thread that is one lane of a training: gets what it is first, then jobs, and answers each. */
import { parentThread } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { LaneControl } from "./lane-control.ts";
import { type LaneTaskName, type LaneWork, loadLaneTask } from "./lane-tasks.ts";

/** What `startLanes` sends first. */
export interface LaneStart {
  task: LaneTaskName;
  index: number;
  lanes: number;
  memory: WebAssembly.Memory;
  control: SharedArrayBuffer;
  setup: unknown;
}

/** What comes back for the start and for each job, in order. */
export type LaneAnswer = { result: unknown } | { code: string; message: string };

const parent = parentThread();
let work: Promise<LaneWork> | undefined;

parent?.listen((message) => {
  if (work) {
    const ready = work;
    void answer(async () => (await ready)(message));
  } else {
    work = start(message as LaneStart);
    const ready = work;
    void answer(async () => void (await ready));
  }
});

async function start({ task, control, ...lane }: LaneStart): Promise<LaneWork> {
  const prepare = await loadLaneTask(task);
  return prepare({ ...lane, control: new LaneControl(control, false) });
}

async function answer(job: () => Promise<unknown>): Promise<void> {
  try {
    parent!.post({ result: await job() } satisfies LaneAnswer);
  } catch (error) {
    const code = error instanceof SemspaceError ? error.code : "unavailable";
    parent!.post({ code, message: error instanceof Error ? error.message : String(error) } satisfies LaneAnswer);
  }
}
