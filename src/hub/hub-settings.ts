/**
 * Where models come from and where they are kept: the options of a call over the variables of the environment that Python's
 * huggingface_hub knows. Reference: huggingface_hub 1.33, constants.py and utils/_auth.py.
 */
import { environment, homeFolder, joinLocation, readBytes } from "#platform";
import { SemspaceError } from "../errors.ts";

/** How far a file is. */
export interface HubProgress {
  readonly file: string;
  /** Bytes that are here, of `total`. */
  readonly loaded: number;
  readonly total: number;
}

export interface HubOptions {
  /** Branch, tag or commit; default: what the name says after "@", else main. */
  readonly revision?: string | undefined;
  /** For private and gated models; default: HF_TOKEN, else the token that `hf auth login` has stored (HF_TOKEN_PATH, HF_HOME). */
  readonly token?: string | undefined;
  /** The hub's address; default: HF_ENDPOINT, else https://huggingface.co. */
  readonly endpoint?: string | undefined;
  /** The folder of the hub's cache; default: HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub. Not in a browser. */
  readonly cache?: string | undefined;
  /** Whether only what is in the cache is used; default: HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE. */
  readonly offline?: boolean | undefined;
  /** Called as bytes arrive. */
  readonly onProgress?: ((progress: HubProgress) => void) | undefined;
  /** For proxies and tests; default: the runtime's own. */
  readonly fetch?: typeof fetch | undefined;
}

export interface HubSettings {
  readonly revision: string;
  readonly token: string | undefined;
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Undefined where there is no folder for it. */
  readonly cache: string | undefined;
  readonly offline: boolean;
  readonly onProgress: (progress: HubProgress) => void;
  readonly fetch: typeof fetch;
}

/** The settings of a call. Throws `invalid-argument` for an address that is none. */
export async function hubSettings(options: HubOptions, revision: string | undefined): Promise<HubSettings> {
  const endpoint = (options.endpoint ?? environment("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new SemspaceError(
      "invalid-argument",
      `The hub's address is "${endpoint}". It must begin with https:// (HF_ENDPOINT).`,
    );
  }
  return {
    endpoint,
    revision: options.revision ?? revision ?? "main",
    token: options.token ?? (await storedToken()),
    cache: options.cache ?? cacheOfHub(),
    offline: options.offline ?? [environment("HF_HUB_OFFLINE"), environment("TRANSFORMERS_OFFLINE")].some(isYes),
    onProgress: options.onProgress ?? (() => undefined),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
  };
}

function cacheOfHub(): string | undefined {
  const home = hubHome();
  return (
    environment("HF_HUB_CACHE") ??
    environment("HUGGINGFACE_HUB_CACHE") ??
    (home === undefined ? undefined : joinLocation(home, "hub"))
  );
}

function hubHome(): string | undefined {
  const user = homeFolder();
  const caches = environment("XDG_CACHE_HOME") ?? (user === undefined ? undefined : joinLocation(user, ".cache"));
  return environment("HF_HOME") ?? (caches === undefined ? undefined : joinLocation(caches, "huggingface"));
}

async function storedToken(): Promise<string | undefined> {
  const given = environment("HF_TOKEN") ?? environment("HUGGING_FACE_HUB_TOKEN");
  if (given !== undefined || isYes(environment("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return given?.trim();
  const home = hubHome();
  const path = environment("HF_TOKEN_PATH") ?? (home === undefined ? undefined : joinLocation(home, "token"));
  if (path === undefined) return undefined;
  const bytes = await readBytes(path).catch(() => undefined);
  return (bytes && new TextDecoder().decode(bytes).trim()) || undefined;
}

const isYes = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? "");
