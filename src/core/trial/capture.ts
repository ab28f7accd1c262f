// Which texts of a run are kept: the policy's capture modes, and what a call's event names them.
import type { WrittenPolicy } from "../policy/schema.ts";
import type { EventOf } from "./event.ts";

export type CaptureMode = WrittenPolicy["capture"]["mode"];
export type CaptureName = EventOf<"ModelCallEnvelope">["capture_mode"];

/** As events name the policy's modes. */
export const CAPTURE_NAMES: Readonly<Record<CaptureMode, CaptureName>> = { none: "None", prompts_only: "PromptsOnly", full_io: "FullIo" };

const KEPT_IN: Readonly<Record<"prompt" | "response", readonly CaptureName[]>> = { prompt: ["PromptsOnly", "FullIo"], response: ["FullIo"] };

/** `as`: what the text is to the capture mode; null: every mode keeps it. */
export const isCaptured = (mode: CaptureName, as: "prompt" | "response" | null): boolean => as === null || KEPT_IN[as].includes(mode);
