/**
 * The package as users get it: its packed size, and fresh Vite and Next apps that install the packed file, build, and embed with the
 * shipped model, in Chromium and (Next) in a route handler; then, with onnxruntime-web installed, with a small transformer in the page.
 * Apps are made in a temporary folder; Vite, React and Next come from the registry.
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launchChromium } from "../test/chromium.ts";
import { serveFolder } from "../test/static-server.ts";
import { record, type BenchRow } from "./harness.ts";

const root = join(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "semspace-package-"));
const maximum = 12_000_000;

/** Prints the dimensions and whether the near pair is nearer; the same in every app. */
const probe = `
export async function probe() {
  const embedder = await loadEmbedder();
  const [near, far] = embedder.similarity(await embedder.encode("king"), await embedder.encode(["queen", "keyboard"])).data;
  return near > far ? "embeds " + embedder.dimensions : "wrong order " + near + " " + far;
}`;

/** What the page does once onnxruntime-web is installed: a transformer from the app's own host, its WebAssembly as the bundler copied it. */
const transformerProbe = `
export async function probe() {
  const embedder = await loadEmbedder("/transformer/");
  const { data } = await embedder.encode(["Hello world"]);
  return data.every(Number.isFinite) ? "embeds " + embedder.dimensions : "no numbers";
}`;
const transformer = join(root, "test/golden/texts/new-schema");
const engine = "onnxruntime-web@^1.30";

try {
  const archive = pack();
  record("package", [sizeRow(archive), ...(await viteRows(archive)), ...(await nextRows(archive))]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack(): string {
  run(root, "npm", "run", "--silent", "build");
  const name = run(root, "npm", "pack", "--silent", "--pack-destination", work).trim().split("\n").at(-1)!;
  return join(work, name);
}

function sizeRow(archive: string): BenchRow {
  const bytes = statSync(archive).size;
  const megabytes = `${(bytes / 1e6).toFixed(2)} MB`;
  const peer = "-";
  return { what: "packed size", ours: megabytes, peer, figure: megabytes, bar: "<= 12 MB", reached: bytes <= maximum };
}

async function viteRows(archive: string): Promise<BenchRow[]> {
  const app = makeApp("vite", {
    "package.json": JSON.stringify({ name: "vite-app", private: true, type: "module" }),
    "index.html": `<!doctype html><meta charset="utf-8"><p id="out"></p><script type="module" src="/main.ts"></script>`,
    "main.ts": `import { loadEmbedder } from "semspace";
import type { TokenVectors } from "semspace";
${probe}
export type Kept = TokenVectors;
const show = (text: unknown) => { document.querySelector("#out")!.textContent = String(text); };
probe().then(show, show);`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", strict: true, noEmit: true },
        ...{ lib: ["es2023", "dom", "dom.iterable"], types: [], skipLibCheck: true },
      },
    }),
  });
  run(app, "npm", "install", "--silent", "vite@8", "typescript@5", archive);
  run(app, join(app, "node_modules/.bin/tsc"));
  run(app, join(app, "node_modules/.bin/vite"), "build");
  const seen = await textOfFolder(join(app, "dist"));
  const what = "fresh Vite 8 app, TypeScript 5: tsc, build, embed in Chromium";
  run(app, "npm", "install", "--silent", engine);
  cpSync(transformer, join(app, "public/transformer"), { recursive: true });
  edit(join(app, "main.ts"), (text) => text.replace(probe, transformerProbe));
  run(app, join(app, "node_modules/.bin/vite"), "build");
  return [
    smokeRow(what, [seen]),
    smokeRow("the Vite app with onnxruntime-web: a transformer in the page", [await textOfFolder(join(app, "dist"))]),
  ];
}

async function textOfFolder(folder: string): Promise<string> {
  const host = await serveFolder(folder);
  return textInPage(host.url).finally(host.close);
}

async function nextRows(archive: string): Promise<BenchRow[]> {
  const app = makeApp("next", {
    "package.json": JSON.stringify({ name: "next-app", private: true }),
    "app/layout.js": `export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }`,
    "app/page.js": `"use client";
import { useEffect, useState } from "react";
import { loadEmbedder } from "semspace";
${probe.replace("export ", "")}
export default function Page() {
  const [text, setText] = useState("");
  useEffect(() => { probe().then(setText, (error) => setText(String(error))); }, []);
  return <p id="out">{text}</p>;
}`,
    "app/api/route.js": `import { loadEmbedder } from "semspace";
export const dynamic = "force-dynamic";
${probe.replace("export ", "")}
export async function GET() { return new Response(await probe().catch(String)); }`,
  });
  run(app, "npm", "install", "--silent", "next@16", "react@19", "react-dom@19", archive);
  const seen = await textsOfNext(app, ["/api", "/"]);
  run(app, "npm", "install", "--silent", engine);
  cpSync(transformer, join(app, "public/transformer"), { recursive: true });
  edit(join(app, "app/page.js"), (text) =>
    text.replace(probe.replace("export ", ""), transformerProbe.replace("export ", "")),
  );
  return [
    smokeRow("fresh Next 16 app: build, embed in a route handler and in the page", seen),
    smokeRow("the Next app with onnxruntime-web: a transformer in the page", await textsOfNext(app, ["/"])),
  ];
}

/** Builds and starts the app, and gives what its routes and its page say. */
async function textsOfNext(app: string, paths: readonly ("/api" | "/")[]): Promise<string[]> {
  run(app, join(app, "node_modules/.bin/next"), "build");
  const port = "34817";
  const next = join(app, "node_modules/next/dist/bin/next");
  const server = spawn(process.execPath, [next, "start", "-p", port], { cwd: app, stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(url);
    const texts: string[] = [];
    for (const path of paths) {
      texts.push(path === "/" ? await textInPage(url) : await (await fetch(`${url}${path}`)).text());
    }
    return texts;
  } finally {
    server.kill();
  }
}

function smokeRow(what: string, seen: readonly string[]): BenchRow {
  const reached = seen.every((text) => text.startsWith("embeds "));
  return {
    what,
    ours: seen.join("; "),
    peer: "-",
    figure: reached ? "works" : "fails",
    bar: "builds and embeds",
    reached,
  };
}

function makeApp(name: string, files: Readonly<Record<string, string>>): string {
  const app = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  return app;
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

async function textInPage(url: string): Promise<string> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => document.querySelector("#out")?.textContent);
    return (await page.textContent("#out"))!;
  } finally {
    await browser.close();
  }
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} does not answer.`);
}

function run(folder: string, program: string, ...args: string[]): string {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "true" };
  return execFileSync(program, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
