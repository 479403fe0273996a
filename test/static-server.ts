/** A plain file host, as any static web host is: no bundler, no byte ranges, special headers only where they are asked for. */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** What lets a page have threads: it is isolated from other origins. */
export const isolation: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Serves the files below `folder`, and those of other folders below their paths in `mounts`; gives the address and what stops it. */
export async function serveFolder(
  folder: string,
  {
    headers = {},
    mounts = {},
  }: { headers?: Readonly<Record<string, string>>; mounts?: Readonly<Record<string, string>> } = {},
): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
    const mount = Object.keys(mounts).find((start) => path.startsWith(start));
    const [base, inside] = mount === undefined ? [folder, path] : [mounts[mount], path.slice(mount.length)];
    const file = join(base, inside.endsWith("/") ? `${inside}index.html` : inside);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
      return;
    }
    const type = contentTypes[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": type, "content-length": found.size });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close().closeAllConnections() };
}
