// The APIs, by name: complete by type.
import type { ApiName } from "../../../core/policy/candidate/dialect.ts";
import type { Api } from "./api.ts";
import { chat } from "./chat.ts";
import { responses } from "./responses.ts";

export const APIS: Readonly<Record<ApiName, Api>> = { chat, responses };
