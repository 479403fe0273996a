/**
 * Files and folders → the files to read. Left out below a folder: hidden names, node_modules, what .gitignore files say
 * (nested ones, and those above up to the repository's root), and what --include and --exclude say.
 * A file given by name is always read. Symbolic links are followed unless they lead to what is searched anyway; no folder is walked twice.
 */
import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import { SemspaceError } from "../errors.ts";

export interface WalkOptions {
  /** Patterns as in .gitignore; when there are any, only files that match one are read. */
  include?: readonly string[];
  /** Patterns as in .gitignore; what matches is left out. */
  exclude?: readonly string[];
  /** Called for a folder that cannot be read. */
  unreadable?: (path: string, reason: string) => void;
}

export interface FoundFile {
  /** As the user would write it: the path given, and what is below it. */
  path: string;
  /** Given by name, not found in a folder. */
  named: boolean;
}

/** Yields each file once, folders in order of names. Throws `missing-file` for a path that is not there. */
export async function* walk(paths: readonly string[], options: WalkOptions = {}): AsyncGenerator<FoundFile> {
  const roots: { path: string; real: string }[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new SemspaceError("missing-file", `No file or folder ${path}.`);
    const real = await realpath(path);
    if (found.isDirectory()) roots.push({ path, real });
    else if (!seen.has(real)) {
      seen.add(real);
      yield { path, named: true };
    }
  }
  const walker = new Walker(
    roots.map(({ real }) => real),
    options,
    seen,
  );
  for (const { path, real } of roots) yield* walker.folder({ path, real, rules: await rulesAbove(real) });
}

/** Patterns and the folder that they are relative to. */
interface Rules {
  base: string;
  patterns: Ignore;
}

interface Folder {
  path: string;
  real: string;
  rules: readonly Rules[];
}

class Walker {
  readonly #roots: readonly string[];
  readonly #seen: Set<string>;
  readonly #include: Ignore | undefined;
  readonly #exclude: Ignore;
  readonly #unreadable: (path: string, reason: string) => void;

  constructor(
    roots: readonly string[],
    { include = [], exclude = [], unreadable = () => {} }: WalkOptions,
    seen: Set<string>,
  ) {
    this.#roots = roots;
    this.#seen = seen;
    this.#include = include.length > 0 ? ignore().add([...include]) : undefined;
    this.#exclude = ignore().add([...exclude]);
    this.#unreadable = unreadable;
  }

  async *folder(folder: Folder, below = ""): AsyncGenerator<FoundFile> {
    if (this.#seen.has(folder.real)) return;
    this.#seen.add(folder.real);
    const entries = await readdir(folder.path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      this.#unreadable(folder.path, error.code ?? error.message);
      return [];
    });
    const own = entries.some(({ name }) => name === ".gitignore")
      ? await readRules(folder.real, ".gitignore")
      : undefined;
    const rules = own ? [...folder.rules, own] : folder.rules;
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = folder.path === "." ? entry.name : join(folder.path, entry.name);
      const inside = below === "" ? entry.name : `${below}/${entry.name}`;
      const target = await this.#target(entry, { path, real: join(folder.real, entry.name) });
      if (!target) continue;
      const name = target.isFolder ? `${inside}/` : inside;
      if (this.#exclude.ignores(name) || ignored(rules, join(folder.real, entry.name), target.isFolder)) continue;
      if (target.isFolder) yield* this.folder({ path, real: target.real, rules }, inside);
      else if ((!this.#include || this.#include.ignores(name)) && !this.#seen.has(target.real)) {
        this.#seen.add(target.real);
        yield { path, named: false };
      }
    }
  }

  /** What an entry is; undefined for what is no file or folder, and for a link to something below a root, which is found there. */
  async #target(
    entry: Dirent,
    { path, real }: { path: string; real: string },
  ): Promise<{ isFolder: boolean; real: string } | undefined> {
    if (!entry.isSymbolicLink())
      return entry.isDirectory() || entry.isFile() ? { isFolder: entry.isDirectory(), real } : undefined;
    const found = await stat(path).catch(() => undefined);
    if (!found) return undefined;
    const target = await realpath(path);
    if (this.#roots.some((root) => target === root || target.startsWith(root + sep))) return undefined;
    return found.isDirectory() || found.isFile() ? { isFolder: found.isDirectory(), real: target } : undefined;
  }
}

/** The last rule that speaks about a path decides, and those of deeper folders come last. */
function ignored(rules: readonly Rules[], path: string, isFolder: boolean): boolean {
  let result = false;
  for (const { base, patterns } of rules) {
    const name = relative(base, path).split(sep).join("/");
    if (name === "" || name.startsWith("../")) continue;
    const verdict = patterns.test(isFolder ? `${name}/` : name);
    if (verdict.ignored) result = true;
    else if (verdict.unignored) result = false;
  }
  return result;
}

/** The rules of the folders above, when they lie in one git repository; none for a folder that they leave out, since it was asked for by name. */
async function rulesAbove(folder: string): Promise<Rules[]> {
  const rules: Rules[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) rules.unshift(...[await readRules(at, ".gitignore")].filter((own) => own !== undefined));
    if (await stat(join(at, ".git")).catch(() => undefined)) {
      const all = [await readRules(at, ".git/info/exclude"), ...rules].filter((own) => own !== undefined);
      return ignored(all, folder, true) ? [] : all;
    }
    if (dirname(at) === at) return [];
  }
}

async function readRules(base: string, file: string): Promise<Rules | undefined> {
  const text = await readFile(join(base, file), "utf8").catch(() => undefined);
  return text === undefined ? undefined : { base, patterns: ignore().add(text) };
}
