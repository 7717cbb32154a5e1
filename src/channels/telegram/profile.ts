import type { RawApi } from "grammy";
import type { LanguageCode } from "grammy/types";
import type { Log } from "../../app/ports.ts";
import type { Language } from "../../core/nouns/language.ts";
import { failureFields } from "./failures.ts";

/** What Telegram shows of the bot in one language. Limits (API): 100 commands, 512 and 120 characters. */
export type ProfileWords = {
  readonly commands: readonly { readonly command: string; readonly description: string }[];
  readonly description: string;
  readonly shortDescription: string;
};

/** `fallback` is for everyone whose language has no words of its own. */
export type TelegramProfile = {
  readonly fallback: ProfileWords;
  readonly languages: Readonly<Record<Language, ProfileWords>>;
};

/**
 * Registers commands and descriptions, one call after another. What fails is logged and left: it is decoration.
 * Ends early once `signal` is aborted.
 */
export async function registerProfile(
  api: RawApi,
  profile: TelegramProfile,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  await registerWords(api, profile.fallback, undefined, log, signal);
  for (const [language, words] of Object.entries(profile.languages)) {
    const code = twoLetterCode(language);
    if (code === undefined) log.warn("telegram.profile-without-code", { language });
    else await registerWords(api, words, code, log, signal);
  }
}

async function registerWords(
  api: RawApi,
  words: ProfileWords,
  code: LanguageCode | undefined,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const language = code === undefined ? {} : { language_code: code };
  const calls = [
    () => api.setMyCommands({ commands: [...words.commands], ...language }),
    () => api.setMyDescription({ description: words.description, ...language }),
    () => api.setMyShortDescription({ short_description: words.shortDescription, ...language }),
  ];
  for (const call of calls) {
    if (signal.aborted) return;
    await call().catch((error: unknown) =>
      log.warn("telegram.profile-failed", { language: code, ...failureFields(error) }),
    );
  }
}

/** API: two-letter ISO 639-1 codes only. Dari has none of its own: `fa-AF` goes to those whose phone speaks Persian. */
function twoLetterCode(language: Language): LanguageCode | undefined {
  const [code = ""] = language.split("-");
  return isLanguageCode(code) ? code : undefined;
}

function isLanguageCode(code: string): code is LanguageCode {
  return /^[a-z]{2}$/.test(code);
}
