/**
 * `fetch` for the hub: the token goes to the hub alone, busy servers are asked again (429 and 5xx, after what Retry-After says),
 * and a refusal becomes an error that says what to do.
 */
import { SemspaceError } from "../errors.ts";
import type { HubSettings } from "./hub-settings.ts";

/** Times that a request is sent to a busy server, and to one that does not answer. */
const attempts = 5;
const attemptsInSilence = 2;
/** Longest wait between two of them, in milliseconds. */
const longestWait = 60_000;
const firstWait = 500;
/** Longest wait for the head of an answer, in milliseconds. */
const patience = 30_000;
const busy: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** The `cause` of the error of a server that sends a whole file where a part was asked for. */
export const rangeIgnored = "range-ignored";

/** A `fetch` that resolves only with answers that are good. `id` is the model, for messages. Throws `missing-file` for a refusal, `unavailable` without an answer. */
export function hubFetch(settings: HubSettings, id: string): typeof fetch {
  const send = settings.fetch;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init?.headers);
    if (settings.token !== undefined && new URL(url).origin === new URL(settings.endpoint).origin) {
      headers.set("Authorization", `Bearer ${settings.token}`);
    }
    // Sizes and ranges are those of the file, not of a packed form.
    headers.set("Accept-Encoding", "identity");
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === attempts;
      const answer = await inTime((signal) => send(input, { ...init, headers, signal })).catch((cause: unknown) => {
        if (attempt >= attemptsInSilence) throw unreachable(settings, cause);
        return undefined;
      });
      if (answer?.ok) return checkedRange(answer, headers);
      if (answer && (isLast || !busy.has(answer.status))) throw refusal(answer, settings, id);
      const wait = waitOf(answer, attempt);
      if (wait > longestWait) throw refusal(answer!, settings, id);
      await answer?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
}

/** Ends a request whose answer does not begin in time; how long the rest takes is not its business. */
async function inTime(send: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`no answer in ${patience / 1000} s`)), patience);
  return send(controller.signal).finally(() => clearTimeout(timer));
}

/** Milliseconds to wait: what the answer asks for, else longer each time. */
function waitOf(answer: Response | undefined, attempt: number): number {
  const asked = answer?.headers.get("Retry-After");
  const seconds = Number(asked ?? Number.NaN);
  if (asked && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(asked ?? "");
  return Number.isNaN(date) ? firstWait * 2 ** (attempt - 1) : Math.max(0, date - Date.now());
}

function checkedRange(answer: Response, headers: Headers): Response {
  const start = Number(/^bytes=(\d+)-/.exec(headers.get("Range") ?? "")?.[1] ?? 0);
  const got = Number(/^bytes (\d+)-/.exec(answer.headers.get("Content-Range") ?? "")?.[1] ?? 0);
  if (start === 0 || (answer.status === 206 && got === start)) return answer;
  throw new SemspaceError("unavailable", "The server sends whole files only.", { cause: rangeIgnored });
}

/** What failed before there was an answer. */
function unreachable({ endpoint }: HubSettings, cause: unknown): SemspaceError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  return new SemspaceError(
    "unavailable",
    `Cannot reach ${endpoint} (${reason}). Without a network set HF_HUB_OFFLINE=1 to use what is in the cache, or pass a folder.`,
    { cause },
  );
}

function refusal(answer: Response, { endpoint, token, revision }: HubSettings, id: string): SemspaceError {
  const { status } = answer;
  const reason = answer.headers.get("X-Error-Code") ?? "";
  const page = `${endpoint}/${id}`;
  const say = (code: "missing-file" | "unavailable", message: string) => new SemspaceError(code, message);
  if (reason === "RevisionNotFound") return say("missing-file", `No revision "${revision}" of ${page} (${status}).`);
  if (reason === "EntryNotFound") return say("missing-file", `No such file in ${page}: ${answer.url} (${status}).`);
  if (reason === "GatedRepo" || status === 403) {
    return say(
      "missing-file",
      `${page} may not be read (${status}). Accept its terms there, and set HF_TOKEN to a token that may read it.`,
    );
  }
  if (status === 401 || status === 404) {
    const how =
      token === undefined
        ? "If it is private, set HF_TOKEN."
        : "If it is private, the token (HF_TOKEN) may not read it.";
    return say("missing-file", `There is no model ${id} at ${endpoint} (${status}). Check the name. ${how}`);
  }
  const wait = answer.headers.get("Retry-After");
  const later = wait === null ? "Try again later." : `It asks to wait for ${wait} s.`;
  return say("unavailable", `${endpoint} answers ${status} for ${id}. ${later}`);
}
