// evalite's evaluation: a task that calls the server, and a scorer. Laid as repairs.eval.ts: it looks for that ending.
import { createRequire } from "node:module";
import { evalite } from "evalite";

const { repairs, score } = createRequire(import.meta.url)("./score.cjs");

evalite("repairs", {
  data: async () => [...repairs.values()].map(({ id, prompt }) => ({ input: { id, prompt } })),
  task: async ({ prompt }) => {
    const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: prompt }] }),
    });
    const { choices } = await response.json();
    return choices[0].message.content;
  },
  scorers: [{ name: "cargo test", scorer: ({ input, output }) => (score(input.id, output) ? 1 : 0) }],
});
