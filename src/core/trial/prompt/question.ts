// What the notebook is asked about a task.
import type { Task } from "../../suite/suite.ts";

export const notebookQuestion = ({ title, instruction }: Task): string => `What should one know before repairing this? ${title}: ${instruction}`;
