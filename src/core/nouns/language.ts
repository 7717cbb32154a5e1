/** A BCP 47 tag that is the name of a folder in `locales/`, e.g. `fa-AF`. */
export type Language = string;
