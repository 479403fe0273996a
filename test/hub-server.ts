/** A server on this machine that speaks the hub's protocol: the commit of a revision, its files in pages, files by commit, large ones elsewhere by a redirect. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with an answer. */
export interface Fault {
  /** Answered in place of the file. */
  status?: number;
  headers?: Record<string, string>;
  /** Bytes after which the connection is closed. */
  cutAfter?: number;
  /** The whole file is sent, whatever part was asked for. */
  ignoreRange?: boolean;
  /** What is sent in place of the file's bytes. */
  bytes?: Uint8Array;
}

export interface HubServer {
  readonly endpoint: string;
  /** Method, path and range of each request. */
  readonly requests: string[];
  readonly commit: string;
  /** The next answers for paths that end so, one after the other. */
  fail(end: string, ...faults: Fault[]): void;
  close(): Promise<void>;
}

export interface HubModel {
  id: string;
  files: Readonly<Record<string, Uint8Array>>;
  commit?: string;
  /** Without it every request is answered 401. */
  token?: string;
}

const PAGE = 3;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const gitHash = (bytes: Uint8Array): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
const isLarge = (path: string): boolean => /\.(safetensors|bin|onnx|model)$/.test(path);

export async function startHub({ id, files, commit = "a".repeat(40), token }: HubModel): Promise<HubServer> {
  const requests: string[] = [];
  const faults: { end: string; fault: Fault }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://hub");
    requests.push(`${request.method} ${url.pathname}${request.headers.range ? ` ${request.headers.range}` : ""}`);
    const at = faults.findIndex(({ end }) => url.pathname.endsWith(end));
    const fault = at < 0 ? {} : faults.splice(at, 1)[0].fault;
    if (fault.status !== undefined) return void response.writeHead(fault.status, fault.headers).end();
    const cdn = /^\/cdn\/(.*)$/.exec(url.pathname)?.[1];
    if (cdn !== undefined) {
      // A store elsewhere refuses tokens that are not its own.
      if (request.headers.authorization !== undefined) return void response.writeHead(400).end();
      return sendFile(request, response, files[decodeURIComponent(cdn)], fault);
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return void response.writeHead(401, { "X-Error-Code": "RepoNotFound" }).end("{}");
    }
    answer(url, { request, response, fault });
  });
  // Another host name: another origin, as a content delivery network is.
  const cdnServer = server;
  const answer = (
    url: URL,
    { request, response, fault }: { request: IncomingMessage; response: ServerResponse; fault: Fault },
  ): void => {
    const json = (value: unknown, headers: Record<string, string> = {}) =>
      void response.writeHead(200, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));
    const [, revision] = new RegExp(`^/api/models/${id}/revision/(.+)$`).exec(url.pathname) ?? [];
    if (revision !== undefined) {
      const isKnown = revision === "main" || revision === commit || decodeURIComponent(revision) === "refs/pr/1";
      if (!isKnown) return void response.writeHead(404, { "X-Error-Code": "RevisionNotFound" }).end("{}");
      return json({ _id: "1", id, sha: commit, lastModified: "2024-01-01T00:00:00.000Z" });
    }
    if (url.pathname === `/api/models/${id}/tree/${commit}`) {
      const page = Number(url.searchParams.get("page") ?? 0);
      const paths = Object.keys(files);
      const next =
        (page + 1) * PAGE < paths.length
          ? { Link: `<http://${request.headers.host}${url.pathname}?recursive=true&page=${page + 1}>; rel="next"` }
          : undefined;
      return json(
        paths.slice(page * PAGE, (page + 1) * PAGE).map((path) => treeEntry(path, files[path])),
        next,
      );
    }
    const [, of, path] = new RegExp(`^/${id}/resolve/([^/]+)/(.+)$`).exec(url.pathname) ?? [];
    const bytes = path === undefined ? undefined : files[decodeURIComponent(path)];
    if (path === undefined) return void response.writeHead(404, { "X-Error-Code": "RepoNotFound" }).end("{}");
    if (!bytes || (of !== commit && of !== "main"))
      return void response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end("{}");
    response.setHeader("X-Repo-Commit", commit);
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (!isLarge(path)) {
      response.setHeader("ETag", `"${gitHash(bytes)}"`);
      return sendFile(request, response, bytes, fault);
    }
    const { port } = cdnServer.address() as AddressInfo;
    response
      .writeHead(302, {
        Location: `http://localhost:${port}/cdn/${path}`,
        "X-Linked-Etag": `"${sha256(bytes)}"`,
        "X-Linked-Size": String(bytes.length),
      })
      .end();
  };
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ requests, commit },
    fail: (end, ...added) => void faults.push(...added.map((fault) => ({ end, fault }))),
    close: () => closed(server),
  };
}

function treeEntry(path: string, bytes: Uint8Array): unknown {
  const entry = { type: "file", path, size: bytes.length, oid: gitHash(bytes) };
  return isLarge(path)
    ? { ...entry, oid: "0".repeat(40), lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }
    : entry;
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: Uint8Array, fault: Fault): void {
  const bytes = fault.bytes ?? file;
  const [, from, to] = (!fault.ignoreRange && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "")) || [];
  const start = Number(from ?? 0);
  const part = bytes.subarray(start, to ? Number(to) + 1 : undefined);
  response.writeHead(from === undefined ? 200 : 206, {
    "Content-Length": part.length,
    ...(from === undefined ? {} : { "Content-Range": `bytes ${start}-${start + part.length - 1}/${bytes.length}` }),
  });
  if (request.method === "HEAD") return void response.end();
  if (fault.cutAfter === undefined) return void response.end(part);
  response.flushHeaders();
  response.write(part.subarray(0, fault.cutAfter), () => response.socket?.destroy());
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
