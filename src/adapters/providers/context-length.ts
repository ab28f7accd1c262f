// How long a server's context is, where its model list does not say: pages of their own of llama.cpp and of LiteLLM.
import { fetch } from "undici";
import { isLocalHost } from "../../core/policy/candidate/host.ts";
import { rootOf } from "./identity.ts";
import { dispatcherTo } from "./route.ts";
import { authorization, cappedText, parseObject } from "./transport.ts";

const PAGE_BYTES = 4 * 1024 * 1024;

type Page = Readonly<Record<string, unknown>>;

interface ContextPage {
  readonly path: string;
  /** Tokens; anything else is as good as nothing. */
  readonly tokens: (page: Page, model: string) => unknown;
}

const objectOf = (value: unknown): Page => (typeof value === "object" && value !== null ? (value as Page) : {});

const PAGES: readonly ContextPage[] = [
  // llama.cpp: of one slot, as it is served; its list may know only what the model was trained with.
  { path: "/props", tokens: (page) => objectOf(page["default_generation_settings"])["n_ctx"] },
  // LiteLLM: what its table of models says; of the prompt alone, which a prompt must not exceed either.
  {
    path: "/model/info",
    tokens: (page, model) => {
      const entries = Array.isArray(page["data"]) ? page["data"].map(objectOf) : [];
      return objectOf(entries.find((entry) => entry["model_name"] === model)?.["model_info"])["max_input_tokens"];
    },
  },
];

export interface ContextProbe {
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly ca?: string | null;
  readonly timeoutMs: number;
}

/** What a server's pages say, for all of its models. */
export type ContextPages = readonly Page[];

/** Never throws: not to know it is no reason not to run. Servers of others are asked nothing that is not in the API. */
export const contextPages = async (probe: ContextProbe): Promise<ContextPages> =>
  isLocalHost(probe.endpoint) ? Promise.all(PAGES.map(({ path }) => pageOf(probe, path))) : [];

/** Null where the server does not say. */
export function contextIn(pages: ContextPages, model: string): number | null {
  const told = pages.map((page, index) => PAGES[index]?.tokens(page, model));
  const found = told.find((value) => Number.isSafeInteger(value) && Number(value) > 0);
  return found === undefined ? null : Number(found);
}

async function pageOf({ endpoint, apiKey, ca = null, timeoutMs }: ContextProbe, path: string): Promise<Page> {
  try {
    const response = await fetch(rootOf(endpoint) + path, {
      headers: { accept: "application/json", ...authorization(apiKey) },
      dispatcher: dispatcherTo({ endpoint, ca, connectMs: timeoutMs }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await cappedText(response, PAGE_BYTES);
    return response.ok ? (parseObject(text) ?? {}) : {};
  } catch {
    // A server without such a page may hang up on whoever asks for it.
    return {};
  }
}
