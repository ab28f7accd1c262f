// Opens an address in the user's browser, as this kind of machine does it.
import { execa } from "execa";

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Does nothing where there is no browser: the address is printed in any case. */
export function openBrowser(url: string): void {
  const [command = "xdg-open", ...words] = COMMANDS[process.platform] ?? ["xdg-open"];
  execa(command, [...words, url], { detached: true, stdio: "ignore", cleanup: false }).catch(() => undefined);
}
