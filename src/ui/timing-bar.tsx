// Where an attempt's time went, as one bar and the same in words.
import { type TimingPart, totalMs } from "../core/report/trial/timing.ts";
import { fixed } from "../core/text/figures.ts";
import { durationText } from "./pieces.tsx";

const WIDTH = 1000;

export const TimingBar = ({ parts }: { readonly parts: readonly TimingPart[] }) => {
  const total = totalMs(parts);
  if (total === 0) return <p class="missing">Known from the same tree: no time was spent.</p>;
  let at = 0;
  const drawn = parts.map((part) => {
    const x = at;
    at += (part.ms / total) * WIDTH;
    return { ...part, x, width: at - x };
  });
  return (
    <figure class="timing">
      <svg viewBox={`0 0 ${WIDTH} 18`} preserveAspectRatio="none" aria-hidden="true">
        {drawn.map(({ name, ms, of, x, width }) => (
          <rect class={of} x={fixed(x, 1)} width={fixed(Math.max(1, width - 1), 1)} y="0" height="18">
            <title>{`${name}: ${durationText(ms)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption>
        <b>{durationText(total)}</b>:{" "}
        {drawn.map(({ name, ms, of }, index) => (
          <>
            {index === 0 ? "" : ", "}
            <span class={`key ${of}`}>{name}</span> {durationText(ms)}
          </>
        ))}
      </figcaption>
    </figure>
  );
};
