// Which addresses belong to this machine, and which to the private network around it.

/** True for an http(s) address of this very machine. */
export function isLoopback(address: string): boolean {
  const host = hostOf(address);
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** RFC 1918, RFC 4193 and link-local addresses, and names that no public DNS resolves. */
export function isLocalHost(address: string): boolean {
  const host = hostOf(address);
  if (isLoopback(address) || host === "0.0.0.0") return true;
  if (/^10\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(host) && /^[\d.]+$/.test(host)) return true;
  if (/^\[(f[cd]|fe[89ab])/.test(host)) return true;
  return /^[a-z0-9-]+$/.test(host) || /\.(local|lan|internal|home\.arpa)$/.test(host);
}

/** As the URL standard writes it: lower case, dotted numbers, IPv6 in brackets. Empty if it is not an address. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : "";
}
