// Checks of the seal: that it is present and intact, belongs to this run, and covers exactly these lines.
import { hashOf, openMerkle, sha256 } from "../../base/canonical.ts";
import type { CapsuleCheck } from "./check.ts";
import type { Header, Seal } from "../line.ts";

function sealFault(seal: Seal, header: Header): string | null {
  const { seal_hash, ...facts } = seal;
  if (hashOf(facts) !== seal_hash) return "the seal was changed";
  const own = seal.run_id === header.run_id && seal.suite_root === header.suite.root && seal.policy_hash === header.policy.hash;
  return own ? null : "the seal belongs to another run";
}

export const SEAL_CHECKS: readonly CapsuleCheck[] = [
  {
    name: "sealed",
    sentence: "The last line is a seal.",
    watch: () => {
      let sealed = false;
      return { seal: () => void (sealed = true), end: () => (sealed ? null : "it is not sealed: the run did not finish, or its end is missing") };
    },
  },
  {
    name: "seal-whole",
    needs: ["seal"],
    sentence: "The seal is unchanged and belongs to this run.",
    watch: (header) => {
      let fault: string | null = null;
      return { seal: (seal) => void (fault = sealFault(seal, header)), end: () => fault };
    },
  },
  {
    name: "merkle-root",
    needs: ["seal"],
    sentence: "The events give the seal's Merkle root.",
    watch: () => {
      const tree = openMerkle();
      let sealed: string | null = null;
      return {
        event: (_, text) => tree.add(text),
        seal: (seal) => void (sealed = seal.merkle_root),
        end: () => (sealed !== null && tree.root() !== sealed ? "the events are not those that were sealed" : null),
      };
    },
  },
  {
    name: "header-hash",
    needs: ["seal"],
    sentence: "The header is the one that was sealed.",
    watch: (_, text) => {
      let sealed: string | null = null;
      return {
        seal: (seal) => void (sealed = seal.header_hash),
        end: () => (sealed !== null && sha256(text) !== sealed ? "the header is not the one that was sealed" : null),
      };
    },
  },
  {
    name: "counts",
    needs: ["seal"],
    sentence: "The numbers of events and texts are those in the seal, counting what a safe export left out.",
    watch: () => {
      const seen = { events: 0, texts: 0 };
      let sealed: Seal | null = null;
      const count = () => void (seen.texts += 1);
      return {
        text: count,
        withheld: count,
        event: () => void (seen.events += 1),
        seal: (seal) => void (sealed = seal),
        end: () =>
          sealed && (sealed.events !== seen.events || sealed.blobs !== seen.texts)
            ? `the seal counts ${sealed.events} events and ${sealed.blobs} texts, the file holds ${seen.events} and ${seen.texts}`
            : null,
      };
    },
  },
];
