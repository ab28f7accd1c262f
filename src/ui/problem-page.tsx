// A page that can't be shown, and the way out.
import { oneLine } from "../core/report/format.ts";
import { LINKS } from "./links.ts";
import { Document } from "./shell.tsx";

export const ProblemPage = ({ message, hint }: { readonly message: string; readonly hint: string }) => (
  <Document title="Not here" at={null} above={[{ text: "Runs", href: LINKS.runs }]} isExport={false}>
    <div class="title">
      <h1>Not here</h1>
    </div>
    <p class="headline">{oneLine(message)}</p>
    {hint === "" ? null : <p class="note">{oneLine(hint)}</p>}
  </Document>
);
