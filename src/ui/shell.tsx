// The frame of every page: head, navigation, main part. All text is escaped by the renderer; nothing inline is needed or allowed.
import type { Child } from "hono/jsx";
import { oneLine } from "../core/report/format.ts";
import { LINKS } from "./links.ts";

export interface DocumentProps {
  readonly title: string;
  /** Which entry of the navigation is this page's. */
  readonly at: "runs" | "trend" | null;
  /** Steps above this page, outermost first. */
  readonly above: readonly { readonly text: string; readonly href: string }[];
  /** An exported page carries its content policy itself: there is no server to say it. */
  readonly isExport: boolean;
}

/** For exported pages: their own style and script, and nothing else. */
const EXPORT_POLICY = "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' data:; base-uri 'none'; form-action 'none'";

export const Document = ({ title, at, above, isExport, children }: DocumentProps & { readonly children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {isExport ? <meta http-equiv="Content-Security-Policy" content={EXPORT_POLICY} /> : null}
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${oneLine(title)} · Bakeoff`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="viewer.css" />
      <script src="viewer.js" defer></script>
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <a class="brand" href={LINKS.runs}>
          Bakeoff
        </a>
        <nav aria-label="Pages">
          <NavLink href={LINKS.runs} text="Runs" isHere={at === "runs"} />
          <NavLink href={LINKS.trend} text="Trend" isHere={at === "trend"} />
        </nav>
        <p class="keys">
          <kbd>?</kbd> keys
        </p>
      </header>
      <main id="main" tabindex={-1}>
        {above.length === 0 ? null : (
          <nav class="above" aria-label="Above this page">
            {above.map(({ text, href }) => (
              <a href={href}>
                <bdi>{oneLine(text)}</bdi>
              </a>
            ))}
          </nav>
        )}
        {children}
      </main>
      <dialog id="keys" aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {KEYS.map(([key, does]) => (
            <>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </>
          ))}
        </dl>
        <form method="dialog">
          <button>Close</button>
        </form>
      </dialog>
    </body>
  </html>
);

const KEYS = [
  ["/", "search"],
  ["j / k", "next and previous row, attempt or chart"],
  ["n", "next trial worth a look"],
  ["u", "up one page"],
  ["?", "this list"],
] as const;

const NavLink = ({ href, text, isHere }: { readonly href: string; readonly text: string; readonly isHere: boolean }) => (
  <a href={href} aria-current={isHere ? "page" : undefined}>
    {text}
  </a>
);
