// The way to a server: directly on this machine, else through the proxy that the environment names, with the CA that the policy names.
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { isLoopback } from "../../core/policy/candidate/host.ts";

export interface RouteFacts {
  readonly endpoint: string;
  /** PEM text of a CA that is trusted beside the usual ones; null: none. */
  readonly ca?: string | null;
  readonly connectMs: number;
}

/** Limits on a call's parts are the caller's own: undici's would cut off long, silent reasoning. */
export function dispatcherTo({ endpoint, ca = null, connectMs }: RouteFacts): Dispatcher {
  const options = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectMs, ...(ca === null ? {} : { ca: [...rootCertificates, ca] }) } };
  // A proxy could not reach this machine's own servers, and has no business with them.
  return isLoopback(endpoint) ? new Agent(options) : new EnvHttpProxyAgent({ ...options, requestTls: options.connect });
}

/** Most servers have their API below `/v1`: a base URL without it meets pages that are not there. */
export const addressHint = (endpoint: string): string =>
  /\/v\d+\w*(\/\w+)?\/*$/.test(endpoint) ? "" : ` (the address has no /v1: is ${endpoint.replace(/\/+$/, "")}/v1 meant?)`;
