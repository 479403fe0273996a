import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, openSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, semspaceArguments } from "../../test/semspace-process.ts";
import { openSink } from "./sink.ts";
import type { Terminal } from "./terminal.ts";

const terminal = {} as Terminal;

test("a folder is no output", async () => {
  mkdirSync(join(root, "folder"));
  await expect(openSink(join(root, "folder"), false, terminal)).rejects.toThrow(
    "folder is a folder. Name a file in it",
  );
});

test("a link is followed: its target is replaced, the link stays", async () => {
  writeFileSync(join(root, "target"), "old");
  symlinkSync("target", join(root, "link"));
  const sink = await openSink(join(root, "link"), false, terminal);
  await sink.write("new");
  await sink.end();
  expect(lstatSync(join(root, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, "target"), "utf8")).toBe("new");
});

test.skipIf(process.platform === "win32").each([false, true])(
  "a pipe is written to, and stays a pipe (rewritten: %s)",
  async (rewritten) => {
    const pipe = join(root, `pipe-${rewritten}`);
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("cat", [pipe]);
    let read = "";
    reader.stdout.on("data", (chunk: Buffer) => (read += chunk.toString()));
    const closed = once(reader, "close");
    const sink = await openSink(pipe, rewritten, terminal);
    await sink.write("x0123456789");
    if (rewritten) await sink.write("y", 0);
    await sink.end();
    await closed;
    expect(read).toBe(rewritten ? "y0123456789" : "x0123456789");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  },
);

test.skipIf(!existsSync("/dev/full"))("standard output on a full disk is one line and exit code 1", () => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [...semspaceArguments, "--version"], {
    stdio: ["ignore", full, "pipe"],
  });
  expect([status, stderr.toString()]).toEqual([1, "semspace: Cannot write standard output (ENOSPC).\n"]);
});
