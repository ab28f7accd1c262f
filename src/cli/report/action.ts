// `bakeoff report`: reports from a stored capsule, to stdout or into a folder.
import { BakeoffError } from "../../core/base/errors.ts";
import { foldRun } from "../../core/capsule/record.ts";
import { capsuleFaults } from "../../core/capsule/verify.ts";
import { reportModel } from "../../core/report/model.ts";
import { world } from "../../app/compose.ts";
import { calledAs, capsulePath, quoted } from "../../app/places.ts";
import { RENDERERS, writeReports } from "../../app/report/write.ts";

export async function report(capsule: string, options: { readonly format: readonly string[]; readonly out?: string }): Promise<number> {
  const stored = await world.readCapsule(capsulePath(capsule));
  const [fault] = stored.seal === null ? [] : capsuleFaults(stored);
  if (fault)
    throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, `see all of it: ${calledAs()} capsule verify ${quoted(capsule)}`);
  const record = foldRun(stored.header, stored.events);
  if (options.out === undefined) {
    const model = reportModel(record);
    for (const { text } of options.format.flatMap((format) => RENDERERS[format]?.(model) ?? [])) process.stdout.write(text);
    return 0;
  }
  for (const path of await writeReports(record, options.out, options.format)) process.stderr.write(`${path}\n`);
  return 0;
}
