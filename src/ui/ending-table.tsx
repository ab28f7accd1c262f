// Trials with their recorded ends and those under another policy.
import type { EndingRow } from "../core/report/runs/other-policy.ts";
import { LINKS } from "./links.ts";
import { Name } from "./pieces.tsx";

export const EndingTable = ({ endings, run, label }: { readonly endings: readonly EndingRow[]; readonly run: string; readonly label: string }) => (
  <div class="scroll" tabindex={0} role="region" aria-label={label}>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Trial</th>
          <th scope="col">Recorded</th>
          <th scope="col">Under the other policy</th>
        </tr>
      </thead>
      <tbody>
        {endings.map((ending) => (
          <Ending ending={ending} run={run} />
        ))}
      </tbody>
    </table>
  </div>
);

const Ending = ({ ending: { trial, number, recorded, other, lacks }, run }: { readonly ending: EndingRow; readonly run: string }) => (
  <tr data-row>
    <th scope="row">
      <a href={LINKS.trial(run, number)}>
        <Name text={trial} />
      </a>
    </th>
    <td data-label="recorded:">{recorded}</td>
    <td data-label="other:">
      {other}
      {lacks === "" ? null : (
        <span class="sub">
          <Name text={lacks} />
        </span>
      )}
    </td>
  </tr>
);
