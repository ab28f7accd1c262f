// Checks of the header by itself and of the run's times: what it says of its roles, its register and when things were.
import { FirstFault, type CapsuleCheck, type Watch } from "./check.ts";
import { type GivenAnswer, givenPatchesHash } from "../plan/given-patches.ts";
import { type Header, LATE_SEQ } from "../line.ts";
import { EMBEDDED_PROVIDER, EXTERNAL_PROVIDER } from "../../trial/command.ts";

/** A role that a program plays is a stand-in's, and one that a stand-in plays is a program's. */
function standInFault({ bindings }: Header): string | null {
  const [role] = Object.entries(bindings).find(([, { provider, standIn }]) => (provider === EMBEDDED_PROVIDER) !== (standIn !== null)) ?? [];
  if (role === undefined) return null;
  const { provider, standIn } = bindings[role as keyof Header["bindings"]];
  return standIn === null
    ? `an embedded program plays the ${role}, and it is not said to be a stand-in`
    : `the ${role} is said to be the stand-in ${standIn}, and ${provider} plays it`;
}

function registerResolves({ decision_register_hash: register }: Header): Watch {
  let found = register === null;
  return {
    text: ({ sha256 }) => void (found ||= sha256 === register),
    end: () => (found ? null : "the decision register that the header names is not there"),
    unchecked: () => (register === null ? "the run had no decision register" : null),
  };
}

/** A policy that lets a slot try again is handed the same once more. */
function patchesWereGiven({ external, candidates }: Header): Watch {
  const given = new Map<string, GivenAnswer>();
  const isExternal = candidates.some(({ provider }) => provider === EXTERNAL_PROVIDER);
  return {
    event: ({ spec_id: task, payload }) => {
      if (payload.type === "ModelCallEnvelope" && payload.provider === EXTERNAL_PROVIDER)
        given.set(`${task ?? ""} ${payload.response_hash ?? ""}`, [task ?? "", payload.response_hash ?? ""]);
    },
    end: () => {
      if (isExternal !== (external !== undefined)) return "patches were made elsewhere, and the header does not say by whom";
      return external === undefined || givenPatchesHash([...given.values()]) === external.patches
        ? null
        : "the patches are not those that the run was begun with";
    },
  };
}

/** RFC 3339 in UTC with milliseconds, as every part of the program writes it. Such texts are in the order of their times. */
const INSTANT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function timesRunForward({ created_at: begun }: Header): Watch {
  const fault = new FirstFault();
  const last = new Map<string | null, string>();
  let latest = begun;
  if (!INSTANT.test(begun)) fault.tell(`the header's created_at is no time: ${begun.slice(0, 40)}`);
  return {
    event: ({ uri, trial, seq, timestamp: at }) => {
      if (!INSTANT.test(at)) return fault.tell(`event ${uri} is of no time: ${at.slice(0, 40)}`);
      if (at < begun) fault.tell(`event ${uri} is from before the run began`);
      if (at > latest) latest = at;
      // Answers that no trial waits for come when they come.
      if (seq >= LATE_SEQ) return;
      if (at < (last.get(trial) ?? begun)) fault.tell(`event ${uri} is earlier than the one before it`);
      last.set(trial, at);
    },
    seal: ({ sealed_at: at }) => {
      if (!INSTANT.test(at)) fault.tell(`the seal is of no time: ${at.slice(0, 40)}`);
      else if (at < latest) fault.tell("the seal is earlier than the last event");
    },
    end: () => fault.found,
  };
}

export const HEADER_CHECKS: readonly CapsuleCheck[] = [
  {
    name: "stand-ins-named",
    sentence: "A role is a stand-in's exactly where an embedded program plays it.",
    watch: (header) => ({ end: () => standInFault(header) }),
  },
  { name: "register-resolves", sentence: "The decision register that the header names is stored.", watch: registerResolves },
  {
    name: "patches-were-given",
    sentence: "Patches that were made elsewhere are those that the run was begun with.",
    watch: patchesWereGiven,
  },
  {
    name: "times-run-forward",
    needs: ["events"],
    sentence: "Times are RFC 3339, lie between the run's begin and its seal, and never run backwards in a trial.",
    watch: timesRunForward,
  },
];
