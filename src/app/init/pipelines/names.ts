// The services that a pipeline can be written for.

export const PIPELINE_NAMES = ["github", "gitlab"] as const;

export type PipelineName = (typeof PIPELINE_NAMES)[number];
