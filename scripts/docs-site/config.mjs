// The site's settings: the documents as they lie in docs/, with a sidebar from docs/README.md and a search that needs no service.
import { readFileSync } from "node:fs";

const overview = readFileSync(new URL("../../docs/README.md", import.meta.url), "utf8");

/** Each `##` of the overview with its links. */
const sidebar = overview
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    text: section.split("\n")[0],
    items: [...section.matchAll(/\[([^\]]+)\]\(([^)]+)\.md\)/g)].map(([, text, path]) => ({ text: text.replaceAll("`", ""), link: `/${path}` })),
  }));

export default {
  title: "Bakeoff",
  description: "Decides which coding model may be trusted with your Rust repository, and can prove it a year later.",
  cleanUrls: true,
  rewrites: { "README.md": "index.md" },
  // Files beside the documents (sources, suites, the licence) are no pages of the site.
  ignoreDeadLinks: [/\.\.\/(\.\.\/)*(policy|suites|examples|CONTRIBUTING|README|schema)/, /schema\//, /\/index$/],
  markdown: { html: false },
  themeConfig: { search: { provider: "local" }, sidebar, outline: [2, 3] },
};
