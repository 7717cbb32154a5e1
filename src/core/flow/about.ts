/**
 * Who hosts the installation, as its settings tell it (see `docs/operations.md`); what is undefined was not told, and
 * the answers say so.
 */
export type Host = {
  readonly name: string | undefined;
  readonly contact: string | undefined;
  /** The host's own page on privacy. */
  readonly privacy: string | undefined;
};

/** A host that has told nothing. */
export const untold: Host = { name: undefined, contact: undefined, privacy: undefined };

/** What an answer can say of the installation itself: `{{host.name}}` … and the days on which its facts were checked. */
export const aboutNames = [
  "host.name",
  "host.contact",
  "host.privacy",
  "facts.oldest",
  "facts.newest",
] as const;

export type AboutName = (typeof aboutNames)[number];

/** The names of {@link aboutNames} that a text has places for. */
export function aboutIn(text: string): readonly AboutName[] {
  return aboutNames.filter((name) => text.includes(`{{${name}}}`));
}
