import { formatIssues } from "../../src/content/format-issues.ts";
import { type Content, loadContent } from "../../src/content/load.ts";
import type { Program, Topic } from "../../src/core/flow/program.ts";
import { projectRoot } from "../project-root.ts";

/** The shipped content; throws its issues where it can't be used. */
export function shippedContent(): Content {
  const loaded = loadContent(projectRoot);
  if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
  return loaded;
}

/** Topics such as an installation has them. */
export const topics: readonly Topic[] = [
  {
    id: "helpline/policy-news",
    organisation: "helpline",
    titles: { en: "Policy news", "fa-AF": "خبرها", ps: "خبرونه", es: "Noticias" },
  },
  { id: "clinic/open-days", organisation: "clinic", titles: { en: "Open days" } },
];

/** The same program with those topics. */
export function withTopics(program: Program): Program {
  return { ...program, topics };
}
