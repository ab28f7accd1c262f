// One page of docs/decisions: front matter, title and three sections, parsed with all issues at once.

/** Front matter of a page, in this order. */
export const FIELDS = ["id", "formerly", "date", "status", "locks", "supersedes", "shown by"];
export const SECTIONS = ["Context", "Decision", "Alternatives"];

const FORMS = {
  id: [/^\d{4}$/, "four digits"],
  formerly: [/^(none|B\d{2,3})$/, "`none`, or an id of the former table such as B01"],
  date: [/^\d{4}-\d{2}-\d{2}$/, "a date such as 2026-11-22"],
  status: [
    /^(in force|superseded by \d{4}|in force, in part superseded by \d{4})$/,
    "`in force`, `superseded by NNNN` or `in force, in part superseded by NNNN`",
  ],
  locks: [/^(none|D\d+[a-z]?(, D\d+[a-z]?)*)$/, "`none`, or the policy's locks such as `D25, D93`"],
  supersedes: [/^(none|\d{4}( in part)?(, \d{4}( in part)?)*)$/, "`none`, or ids such as `0085 in part, 0012`"],
  "shown by": [/^\S.*$/, "the tests or checks that would fail if the decision were broken"],
};

/** `text` of docs/decisions/`name` as `{page, issues}`; an issue is `path:line: message`. */
export function parsePage(name, text) {
  const issues = [];
  const say = (line, message) => issues.push(`docs/decisions/${name}:${line}: ${message}`);
  const lines = text.split("\n");
  const front = parseFront(lines, say);
  const title = /^# (.+)$/.exec(lines[FIELDS.length + 3] ?? "")?.[1] ?? "";
  if (title === "") say(FIELDS.length + 4, "expected the title, `# …`, after the front matter and an empty line");
  const sections = parseSections(lines, say);
  if (front.id !== undefined && !name.startsWith(`${front.id}-`)) say(2, `the file's name must begin with ${front.id}-`);
  return { page: { name, title, ...front, sections }, issues };
}

function parseFront(lines, say) {
  const front = {};
  if (lines[0] !== "---" || lines[FIELDS.length + 1] !== "---") say(1, `expected front matter: --- , then ${FIELDS.join(", ")}, then ---`);
  for (const [index, field] of FIELDS.entries()) {
    const value = lines[index + 1]?.startsWith(`${field}: `) ? lines[index + 1].slice(field.length + 2) : undefined;
    if (value === undefined) say(index + 2, `expected \`${field}: …\``);
    else if (!FORMS[field][0].test(value)) say(index + 2, `${field} must be ${FORMS[field][1]}`);
    front[field] = value;
  }
  return front;
}

function parseSections(lines, say) {
  const heads = lines.flatMap((line, index) => (line.startsWith("## ") ? [{ name: line.slice(3), index }] : []));
  if (heads.map(({ name }) => name).join() !== SECTIONS.join()) say(FIELDS.length + 6, `the sections must be ${SECTIONS.join(", ")}, in this order`);
  const sections = {};
  for (const [place, { name, index }] of heads.entries()) {
    const body = lines
      .slice(index + 1, heads[place + 1]?.index)
      .join("\n")
      .trim();
    if (body === "") say(index + 1, `the section ${name} is empty`);
    sections[name] = body;
  }
  return sections;
}

/** Issues between pages: numbers taken twice, references to nothing, one side of a supersession missing. */
export function crossCheck(pages, exists) {
  const issues = [];
  const byId = new Map();
  for (const page of pages) {
    const say = (message) => issues.push(`docs/decisions/${page.name}: ${message}`);
    const twin = byId.get(page.id);
    if (twin) say(`${page.id} is also the number of ${twin.name}: rename the newer page to the next free number`);
    byId.set(page.id, page);
    for (const path of pathsIn(page["shown by"])) if (!exists(path)) say(`shown by ${path}, which does not exist`);
  }
  for (const page of pages) issues.push(...supersession(page, byId));
  return issues;
}

/** Paths of tests and scripts that a `shown by` names. */
function pathsIn(shownBy = "") {
  return shownBy.match(/\b(?:test|scripts|policy|bench|src)\/[\w./-]+/g) ?? [];
}

function supersession(page, byId) {
  const issues = [];
  const say = (message) => issues.push(`docs/decisions/${page.name}: ${message}`);
  for (const [, id, part] of (page.supersedes ?? "").matchAll(/(\d{4})( in part)?/g)) {
    const expected = part ? `in force, in part superseded by ${page.id}` : `superseded by ${page.id}`;
    if (!byId.has(id)) say(`supersedes ${id}, which does not exist`);
    else if (byId.get(id).status !== expected) say(`supersedes ${id}, whose status must then be \`${expected}\``);
  }
  const [, successor] = /superseded by (\d{4})$/.exec(page.status ?? "") ?? [];
  if (successor && !byId.get(successor)?.supersedes?.includes(page.id)) say(`its status names ${successor}, which does not say that it supersedes ${page.id}`);
  return issues;
}
