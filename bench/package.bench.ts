/**
 * The package as users get it: its packed size, and fresh Vite and Next apps that install the packed file, build, and embed with the
 * shipped model, in Chromium and (Next) in a route handler. Apps are made in a temporary folder; Vite, React and Next come from the registry.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
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

try {
  const archive = pack();
  record("package", [sizeRow(archive), await viteRow(archive), await nextRow(archive)]);
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

async function viteRow(archive: string): Promise<BenchRow> {
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
  const host = await serveFolder(join(app, "dist"));
  const seen = await textInPage(host.url).finally(host.close);
  return smokeRow("fresh Vite 8 app, TypeScript 5: tsc, build, embed in Chromium", [seen]);
}

async function nextRow(archive: string): Promise<BenchRow> {
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
  run(app, join(app, "node_modules/.bin/next"), "build");
  const port = "34817";
  const next = join(app, "node_modules/next/dist/bin/next");
  const server = spawn(process.execPath, [next, "start", "-p", port], { cwd: app, stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(url);
    const route = await (await fetch(`${url}/api`)).text();
    return smokeRow("fresh Next 16 app: build, embed in a route handler and in the page", [
      route,
      await textInPage(url),
    ]);
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
