// Redacts secrets before texts are written: known values of this machine, and what looks like a secret.
import { BakeoffError, messageOf } from "../base/errors.ts";

interface Pattern {
  readonly name: string;
  readonly sentence: string;
  /** Each of its matches has one of these in it, or right before it: a text without any of them needs no search. */
  readonly marks: readonly string[];
  readonly pattern: RegExp;
}

/** Forms that are almost never anything but a secret: a looser pattern would change the code under test. */
export const SECRET_PATTERNS: readonly Pattern[] = [
  {
    name: "private-key",
    sentence: "A private key in PEM form.",
    marks: ["PRIVATE KEY-----"],
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{20,16000}?-----END [A-Z ]{0,30}PRIVATE KEY-----/g,
  },
  { name: "openai-key", sentence: "A key of OpenAI or Anthropic.", marks: ["sk-"], pattern: /\bsk-(?:proj-|svcacct-|ant-)?[A-Za-z0-9_-]{20,200}/g },
  {
    name: "github-token",
    sentence: "A token of GitHub.",
    marks: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g,
  },
  { name: "gitlab-token", sentence: "A token of GitLab.", marks: ["glpat-"], pattern: /\bglpat-[A-Za-z0-9_-]{20,100}/g },
  { name: "aws-key", sentence: "An access key of AWS.", marks: ["AKIA", "ASIA"], pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "google-key", sentence: "A key of Google.", marks: ["AIza"], pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { name: "slack-token", sentence: "A token of Slack.", marks: ["xox"], pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/g },
  { name: "npm-token", sentence: "A token of npm or crates.io.", marks: ["npm_", "cio"], pattern: /\b(?:npm_[A-Za-z0-9]{36}|cio[A-Za-z0-9]{32})\b/g },
  { name: "hugging-face-token", sentence: "A token of Hugging Face.", marks: ["hf_"], pattern: /\bhf_[A-Za-z0-9]{30,60}\b/g },
  {
    name: "json-web-token",
    sentence: "A signed JSON Web Token.",
    marks: ["eyJ"],
    pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/g,
  },
  { name: "bearer-token", sentence: "An Authorization header.", marks: ["earer "], pattern: /\b[Bb]earer +[A-Za-z0-9._~+/-]{20,4000}=*/g },
  {
    name: "address-password",
    sentence: "A password inside an address.",
    marks: ["://"],
    pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{1,200}:)[^\s/:@"']{3,200}(?=@)/g,
  },
];

/** A secret that this machine holds, by the name of the variable that it comes from. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Redactor {
  /** The text with every secret replaced by `[redacted:NAME]`. Idempotent. */
  scrub(text: string): string;
  /** The name of a known secret whose value is in the text, plain or JSON-escaped; null if there is none. */
  leak(text: string): string | null;
}

/** Does a text look as if something was redacted from it? */
export const hasRedaction = (text: string): boolean => /\[redacted:[^\]\s]{1,200}\]/.test(text);

/** `patterns`: those of the policy, besides the built-in ones. Throws `usage` for one that is not a regular expression. */
export function openRedactor(patterns: readonly string[], secrets: readonly Secret[]): Redactor {
  const values = secrets.flatMap(({ name, value }) => formsOf(value).map((form) => ({ name, form }))).toSorted((a, b) => b.form.length - a.form.length);
  // What the matches of a policy's own pattern hold is not known; the empty text is in every one.
  const own = patterns.map((source, index) => ({ name: `policy-${index + 1}`, marks: [""], pattern: compiled(source) }));
  const all = [...SECRET_PATTERNS, ...own];
  return {
    scrub: (text) => {
      let clean = text;
      for (const { name, form } of values) clean = clean.replaceAll(form, `[redacted:${name}]`);
      for (const { name, marks, pattern } of all) if (marks.some((mark) => clean.includes(mark))) clean = clean.replace(pattern, `[redacted:${name}]`);
      return clean;
    },
    leak: (text) => values.find(({ form }) => text.includes(form))?.name ?? null,
  };
}

/** A secret as it may appear in a text: plain, and escaped as in a JSON string. */
function formsOf(value: string): readonly string[] {
  return [...new Set([value, JSON.stringify(value).slice(1, -1)])];
}

function compiled(source: string): RegExp {
  try {
    return new RegExp(source, "gu");
  } catch (error) {
    throw new BakeoffError("usage", `redaction.patterns: ${source} is no regular expression: ${messageOf(error)}`, "correct it in the policy", {
      cause: error,
    });
  }
}
