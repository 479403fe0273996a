import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { walk, type WalkOptions } from "./walk.ts";

/** A temporary folder with these files. */
function folder(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "semspace-walk-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function found(root: string, paths: readonly string[] = ["."], options: WalkOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for await (const { path } of walk(
    paths.map((path) => join(root, path)),
    options,
  ))
    names.push(relative(root, path));
  return names;
}

test("files come in order of names, without hidden ones and node_modules", async () => {
  const root = folder({
    "b.txt": "",
    "a/z.md": "",
    "a/y.md": "",
    ".env": "",
    ".git/config": "",
    "node_modules/x/index.js": "",
    "a/node_modules/y.js": "",
  });
  expect(await found(root)).toEqual(["a/y.md", "a/z.md", "b.txt"]);
});

test("a .gitignore holds below its folder, and a deeper one overrules it", async () => {
  const root = folder({
    ".gitignore": "*.log\n/build/\n!keep.log\n",
    "a.log": "",
    "keep.log": "",
    "build/x.txt": "",
    "src/build/y.txt": "",
    "src/.gitignore": "!b.log\nsecret.txt\n",
    "src/b.log": "",
    "src/c.log": "",
    "src/secret.txt": "",
    "secret.txt": "",
  });
  expect(await found(root)).toEqual(["keep.log", "secret.txt", "src/b.log", "src/build/y.txt"].toSorted());
});

test("rules of a repository hold for a search in a folder below its root", async () => {
  const root = folder({
    ".git/info/exclude": "local.txt\n",
    ".gitignore": "out\n",
    "a/b/out/x.txt": "",
    "a/b/local.txt": "",
    "a/b/kept.txt": "",
  });
  expect(await found(root, ["a/b"])).toEqual(["a/b/kept.txt"]);
});

test("a file given by name is read whatever it is called, and once", async () => {
  const root = folder({ ".gitignore": "*.log", "a.log": "", ".hidden": "", "b.txt": "" });
  expect(await found(root, ["a.log", ".hidden", "b.txt", "b.txt", "."])).toEqual(["a.log", ".hidden", "b.txt"]);
});

test("a folder that the repository ignores is read when it is given by name", async () => {
  const root = folder({
    ".git/HEAD": "",
    ".gitignore": "dist\nnode_modules\n",
    "dist/a.txt": "",
    "dist/.gitignore": "b.txt",
    "dist/b.txt": "",
    "node_modules/x/c.txt": "",
  });
  expect(await found(root)).toEqual([]);
  expect(await found(root, ["dist", "node_modules/x"])).toEqual(["dist/a.txt", "node_modules/x/c.txt"]);
});

test("include and exclude take patterns as .gitignore does", async () => {
  const root = folder({ "a.md": "", "b.ts": "", "docs/c.md": "", "docs/old/d.md": "", "src/e.ts": "" });
  expect(await found(root, ["."], { include: ["*.md"] })).toEqual(["a.md", "docs/c.md", "docs/old/d.md"]);
  expect(await found(root, ["."], { include: ["docs/**"], exclude: ["old/"] })).toEqual(["docs/c.md"]);
  expect(await found(root, ["."], { exclude: ["*.md", "src"] })).toEqual(["b.ts"]);
});

test("links that form a loop end, and a linked file is found once", async () => {
  const root = folder({ "in/a.txt": "", "out/b.txt": "" });
  symlinkSync("..", join(root, "in/up"));
  symlinkSync(".", join(root, "in/self"));
  symlinkSync("a.txt", join(root, "in/same.txt"));
  symlinkSync("../out/b.txt", join(root, "in/other.txt"));
  symlinkSync("nowhere", join(root, "in/broken"));
  expect(await found(root, ["in"])).toEqual(["in/a.txt", "in/other.txt"]);
  symlinkSync("../out", join(root, "in/zout"));
  rmSync(join(root, "in/up"));
  rmSync(join(root, "in/other.txt"));
  expect(await found(root, ["in"])).toEqual(["in/a.txt", "in/zout/b.txt"]);
});

test("a path that is not there is an error, a folder that cannot be read is reported", async () => {
  const root = folder({ "a/b.txt": "", "c.txt": "" });
  await expect(found(root, ["none"])).rejects.toThrow(`No file or folder ${join(root, "none")}.`);
  if (process.getuid?.() === 0) return; // root may read everything
  chmodSync(join(root, "a"), 0);
  onTestFinished(() => chmodSync(join(root, "a"), 0o755));
  const reports: string[] = [];
  expect(await found(root, ["."], { unreadable: (_, reason) => reports.push(reason) })).toEqual(["c.txt"]);
  expect(reports).toEqual(["EACCES"]);
});
