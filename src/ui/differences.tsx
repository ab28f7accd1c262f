// What two runs were not the same in.
import type { RunDifference } from "../core/report/trend/compare.ts";
import { Name } from "./pieces.tsx";

export const Differences = ({ differences, title }: { readonly differences: readonly RunDifference[]; readonly title: string }) => {
  if (differences.length === 0) return null;
  return (
    <section class="card">
      <h2>
        <Name text={title} />
      </h2>
      <DifferenceList differences={differences} />
    </section>
  );
};

export const DifferenceList = ({ differences }: { readonly differences: readonly RunDifference[] }) => (
  <dl class="facts">
    {differences.map(({ what, before, after }) => (
      <>
        <dt>
          <Name text={what} />
        </dt>
        <dd>
          <Name text={before} /> → <Name text={after} />
        </dd>
      </>
    ))}
  </dl>
);
