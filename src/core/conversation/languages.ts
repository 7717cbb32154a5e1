import { isSure, writtenLanguage } from "../faq/written-language.ts";
import { sourceLanguage } from "../flow/source.ts";
import { guessLanguage } from "../text/guess-language.ts";
import type { Said } from "./answers/answer-kind.ts";
import { offer, own, type Turn, tell } from "./turn.ts";

/** One known word is enough to greet somebody by: the question of their language follows. */
const fewestToGreet = 1;
/** Names and form numbers are the same in every language. */
const fewestToOffer = 3;

/**
 * Somebody who has not chosen a language wrote something: what they write in tells more than their phone does. Sets the
 * language that is spoken with them until they choose; gives whether their words left no doubt.
 */
export function hearLanguage({ program, session }: Turn, { raw, text }: Said): boolean {
  const having = program.commandLanguages.get(text);
  if (having !== undefined) return hearCommand(session, having);
  if (!/\p{L}/u.test(raw)) return false;
  const written = writtenLanguage(program.faq.index().written, raw);
  if (written !== undefined && isSure(written, fewestToGreet)) {
    session.language = written.language;
    return true;
  }
  session.language = guessLanguage(session.language, raw, program.languages);
  return false;
}

/** "stop" and "menu" are everybody's, whatever they speak: only words that English lacks tell something. */
function hearCommand(session: Turn["session"], having: readonly string[]): boolean {
  const [first] = having;
  if (first === undefined || having.includes(session.language) || having.includes(sourceLanguage))
    return false;
  session.language = first;
  return true;
}

/** Takes the name of a language, when that is the whole message, as the wish to go on in it. Gives whether it was one. */
export function hearName({ program, session }: Turn, { text }: Said): boolean {
  const named = program.languageWords.get(text);
  if (named !== undefined) session.language = named;
  return named !== undefined;
}

/** Offers a person who writes in another language than the one they chose to go on in it; not twice in a row. */
export function offerLanguage(turn: Turn, raw: string): void {
  const { program, session } = turn;
  if (!session.met) return;
  const written = writtenLanguage(program.faq.index().written, raw);
  if (written === undefined || written.language === session.language) return;
  const button = `l:${written.language}`;
  if (!isSure(written, fewestToOffer) || session.offered.includes(button)) return;
  const name = program.languageNames[written.language] ?? written.language;
  tell(turn, own("faq.other-language", { language: name }, "note"));
  offer(turn, { id: button, words: { own: { en: name } } });
}
