import type { Language } from "../core/nouns/language.ts";
import { Problem } from "./errors.ts";
import { isVisible, oneLine } from "./given-text.ts";
import type { Parts } from "./runtime.ts";
import { topicId } from "./send-broadcast.ts";

const idShape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const longestName = 60;
/** A topic's title has to fit a row of a list. */
const longestTitle = 24;
/** A topic stands in the ids of buttons, `t:<organisation>/<topic>:leave`, which have 64 bytes at most. */
const longestTopicId = 50;

/** Adds an organisation that may speak through the bot. */
export async function addOrganisation(
  parts: Pick<Parts, "store" | "clock">,
  id: string,
  name: string,
): Promise<void> {
  if (!idShape.test(id))
    throw new Problem(
      "invalid",
      `\`${id}\` can't be an organisation's id: use lower-case words joined by hyphens`,
    );
  const clean = oneLine(name);
  if (!isVisible(clean) || clean.length > longestName)
    throw new Problem("invalid", `an organisation's name has 1 to ${longestName} characters`);
  if ((await parts.store.desk.addOrganisation(id, clean, parts.clock.now())) === "exists")
    throw new Problem("exists", `there is already an organisation \`${id}\``);
}

/** Adds a topic of an organisation; people are offered it at once. */
export async function addTopic(
  parts: Parts,
  organisation: string,
  topic: string,
  titles: Readonly<Record<Language, string>>,
): Promise<string> {
  if (!idShape.test(topic))
    throw new Problem(
      "invalid",
      `\`${topic}\` can't be a topic's id: use lower-case words joined by hyphens`,
    );
  const id = topicId(organisation, topic);
  if (id.length > longestTopicId)
    throw new Problem(
      "invalid",
      `the organisation's and the topic's id together have at most ${longestTopicId - 1} characters`,
    );
  const clean = Object.fromEntries(
    Object.entries(titles).map(([language, title]) => [language, oneLine(title)]),
  );
  const { languages } = parts.content.current.program;
  checkTitles(clean, languages);
  const twin = (await parts.store.desk.topics()).find(
    (other) => other.id !== id && languages.some((language) => isSameTitle(other.titles, clean, language)),
  );
  if (twin !== undefined)
    throw new Problem(
      "exists",
      `the topic \`${twin.id}\` has this title already, and people could not tell the two apart: add what is different, for instance the organisation's name`,
    );
  const result = await parts.store.desk.addTopic({ id, organisation, titles: clean }, parts.clock.now());
  if (result === "no-organisation")
    throw new Problem(
      "not-found",
      `there is no organisation \`${organisation}\`; add it with \`parwana org add\``,
    );
  if (result === "exists") throw new Problem("exists", `there is already a topic \`${id}\``);
  await loadTopics(parts);
  return id;
}

/** Whether two topics are offered under the same words in a language; one without a title in it goes by the English one. */
function isSameTitle(
  one: Readonly<Record<Language, string>>,
  other: Readonly<Record<Language, string>>,
  language: Language,
): boolean {
  const [a, b] = [one, other].map((titles) => titles[language] ?? titles["en"]);
  return a !== undefined && a.normalize("NFKC").toLowerCase() === b?.normalize("NFKC").toLowerCase();
}

function checkTitles(titles: Readonly<Record<Language, string>>, languages: readonly Language[]): void {
  if (titles["en"] === undefined)
    throw new Problem("invalid", "give the topic's title in English at least: --title en=…");
  for (const [language, title] of Object.entries(titles)) {
    if (!languages.includes(language))
      throw new Problem("invalid", `\`${language}\` is none of the languages ${languages.join(", ")}`);
    if (!isVisible(title) || title.length > longestTitle)
      throw new Problem(
        "invalid",
        `the title for \`${language}\` has to have 1 to ${longestTitle} characters`,
      );
  }
}

/** Takes the installation's topics into the running program. */
export async function loadTopics(parts: Pick<Parts, "store" | "content">): Promise<void> {
  parts.content.withTopics(await parts.store.desk.topics());
}
