/** What a cache of downloads shared by processes needs: a file that grows, its digest, links, and locks. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { dirname, relative } from "node:path";

/** A lock whose holder has not said that it lives for this long, in milliseconds, is nobody's. */
const STALE = 30_000;
const HEARTBEAT = 5_000;
const POLL = 100;

export function environment(name: string): string | undefined {
  return process.env[name] || undefined;
}

export function homeFolder(): string {
  return homedir();
}

export async function appendBytes(location: string, from: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(location), { recursive: true });
  const file = await open(location, "a+");
  try {
    await file.truncate(from);
    for await (const chunk of chunks) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

export async function fileDigest(location: string, algorithm: "sha1" | "sha256", prefix = ""): Promise<string> {
  const hash = createHash(algorithm).update(prefix);
  for await (const chunk of createReadStream(location, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

export async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

export async function linkFile(location: string, target: string): Promise<void> {
  await mkdir(dirname(location), { recursive: true });
  const temporary = `${location}.${randomUUID()}.link`;
  try {
    // Without the right to make links (Windows) the file is copied.
    await symlink(relative(dirname(location), target), temporary).catch(() => copyFile(target, temporary));
    await rename(temporary, location);
  } finally {
    await rm(temporary, { force: true });
  }
}

export async function withLock<Result>(location: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(location), { recursive: true });
  let release = await lockNow(location);
  while (!release) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    release = await lockNow(location);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes the lock and gives what lets go of it; undefined where somebody who lives holds it. */
export async function lockNow(location: string): Promise<(() => Promise<void>) | undefined> {
  const mark = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  if (!(await takeLock(location, mark))) {
    await removeIfStale(location);
    if (!(await takeLock(location, mark))) return undefined;
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(location, now, now).catch(() => undefined);
  }, HEARTBEAT).unref();
  return async () => {
    clearInterval(heartbeat);
    if ((await markOf(location)) === mark) await rm(location, { force: true });
  };
}

async function takeLock(location: string, mark: string): Promise<boolean> {
  try {
    await writeFile(location, mark, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** A dead process's lock is moved away before it is removed: of several that find it, one gets it. */
async function removeIfStale(location: string): Promise<void> {
  const mark = await markOf(location);
  const age = Date.now() - ((await stat(location).catch(() => undefined))?.mtimeMs ?? Date.now());
  if (mark === undefined || (age < STALE && !isDead(mark, age))) return;
  const away = `${location}.${randomUUID()}`;
  await rename(location, away).catch(() => undefined);
  const taken = await markOf(away);
  // Another was faster and has made a new lock meanwhile: that one goes back.
  if (taken !== undefined && taken !== mark) await rename(away, location).catch(() => undefined);
  else await rm(away, { force: true });
}

function isDead(mark: string, age: number): boolean {
  try {
    const { pid, host } = JSON.parse(mark) as { pid: number; host: string };
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // A mark that is not written yet is not JSON.
    return error instanceof SyntaxError ? age > POLL * 10 : (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function markOf(location: string): Promise<string | undefined> {
  return readFile(location, "utf8").catch(() => undefined);
}
