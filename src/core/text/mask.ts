/**
 * Takes numbers that identify a person out of a text before anything is stored or logged.
 *
 * Formats: A-numbers and receipt numbers as USCIS prints them, payment cards (ISO/IEC 7812, Luhn), social
 * security numbers (3-2-4). A phone number, a date, a fee or a form number must come through unchanged, so a
 * bare run of digits is masked only where a label or a check digit says what it is.
 */
export type IdentifierKind = "a-number" | "receipt-number" | "card-number" | "social-security-number";

/** The text with each identifier replaced by the mark, and the kinds found, each once. */
export type Masked = { readonly text: string; readonly found: readonly IdentifierKind[] };

type Span = { readonly kind: IdentifierKind; readonly start: number; readonly end: number };
type Finder = {
  readonly kind: IdentifierKind;
  readonly pattern: RegExp;
  readonly accept?: (match: string) => boolean;
};

const mark = "•••";
/** The shortest identifier, an old A-number, has seven digits. */
const fewestDigits = 7;

/** What people put between digits: spaces, dashes, dots, and the invisible marks that right-to-left keyboards add. */
const gap = "[\\s\\-‐-―.*\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]{0,2}";
const digits = (from: number, to: number): string => `\\d(?:${gap}\\d){${from - 1},${to - 1}}(?!${gap}\\d)`;
/** Between the groups of a social security number. */
const between = " ?[-‐-―. ] ?";
const start = "(?<![\\p{L}\\p{N}])";
/** From a label to its number: a few words or signs without digits ("number is:"). */
const upTo = "[^\\d\\n]{0,24}?";
const receiptOffices = "EAC|WAC|LIN|SRC|NBC|MSC|YSC|MCT|IOE";
const socialSecurity =
  "s\\.?s\\.?n|ss ?#|social security|social|seguro social|tamin ejtemai|تامین اجتماعی|تأمین اجتماعی|سوشیال|سوسیال|سوشیل|سوشل|ټولنیز امنیت|ټولنیز خوندیتوب";
const persianNumber = "(?:نمبر|شماره|شم[یېي]ره)";
/** The name of the letter A, with or without the vowel sign that writers put for clearness. */
const persianA = "(?:ا\\p{M}?[یيېى]|الف)";
const alienNumber = `alien(?: registration)?|a[- ]?(?:number|num|nr|no)|uscis ?(?:#|number|no)|n[uú]mero (?:de )?(?:a|alien|extranjero)|${persianA}[ \\u200c]?${persianNumber}|${persianNumber} ${persianA}`;
/** The letter A of the Latin keyboard and those of the Greek and Cyrillic ones, which look the same. */
const capitalA = "[A\u0391\u0410]";

const finders: readonly Finder[] = [
  {
    kind: "receipt-number",
    pattern: new RegExp(`${start}(?:${receiptOffices})#?${gap}${digits(9, 13)}`, "giu"),
  },
  // An office code that is not in the list yet: only where the ten digits follow at once, as "tel 202…" has a space.
  {
    kind: "receipt-number",
    pattern: new RegExp(`${start}(?!TEL|FAX|CEL|MOB)[A-Z]{3}-?\\d{10}(?!\\d)`, "gu"),
  },
  { kind: "receipt-number", pattern: new RegExp(`${start}(?!tel|fax|cel|mob)[a-z]{3}\\d{10}(?!\\d)`, "gu") },
  // A label may stand for the letters of the office, but not far away: the next number may be a phone.
  {
    kind: "receipt-number",
    pattern: new RegExp(
      `(?<=${start}(?:receipt|recibo|رسید)[^\\d\\n]{0,12}?)(?<!\\d)${digits(10, 10)}`,
      "giu",
    ),
  },
  {
    kind: "a-number",
    pattern: new RegExp(`${start}${capitalA}#?:?${gap}${digits(7, 9)}`, "gu"),
    accept: isNotDate,
  },
  { kind: "a-number", pattern: new RegExp(`^\\s*a ${digits(8, 9)}\\s*$`, "gu"), accept: isNotDate },
  // "a" is a word in English and Spanish ("llame a 612…"), so after the small letter no space is allowed.
  {
    kind: "a-number",
    pattern: new RegExp(`${start}a[#:\\-‐-―]{0,2}${digits(7, 9)}`, "gu"),
    accept: isNotDate,
  },
  {
    kind: "a-number",
    pattern: new RegExp(`(?<=${start}(?:${alienNumber})${upTo})(?<!\\d)${digits(7, 9)}`, "giu"),
    accept: isNotDate,
  },
  {
    kind: "social-security-number",
    pattern: new RegExp(`(?<![\\d+]${gap})\\d{3}${between}\\d{2}${between}\\d{4}(?![-‐-―. ]?\\d)`, "gu"),
  },
  {
    kind: "social-security-number",
    pattern: new RegExp(`(?<!\\d)${digits(9, 9)}(?=[^\\d\\n]{0,12}?(?:${socialSecurity}))`, "giu"),
  },
  {
    kind: "social-security-number",
    pattern: new RegExp(`(?<=(?:${socialSecurity})${upTo})(?<!\\d)${digits(9, 9)}`, "giu"),
  },
  {
    kind: "card-number",
    pattern: /(?<![\d+]|[\d+][\s\-‐-―.,/])\d{1,19}(?:[\s\-‐-―.,/]\d{1,19}){0,6}(?![\s\-‐-―.,/]?\d)/gu,
    accept: isCard,
  },
];

/** "2025-06-01" after a capital A is a date. */
function isNotDate(match: string): boolean {
  const number = match.replace(/^\D+/u, "");
  return !/^(?:\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4})$/u.test(number);
}

/** Lengths and first digits that cards have; a 13-digit phone typed with its country code mostly has neither. */
const cardShape = /^(?:4\d{12}|3\d{13,14}|[2-6]\d{15,18})$/;

/** Two dates or two phones in a row also make 16 digits, but in groups that no card is printed in. */
function isCard(match: string): boolean {
  const groups = match.split(/\D+/u);
  const printed = groups.slice(0, -1).every((group) => group.length >= 3);
  const number = groups.join("");
  return printed && cardShape.test(number) && passesLuhn(number);
}

function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number[number.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The first digit of each row of ten that people type here: Arabic, Persian, full width. */
const digitRows: readonly number[] = [0x0660, 0x06f0, 0xff10];

/** The ASCII digit that a UTF-16 unit stands for, as its character code; -1 for anything else. */
function asciiDigit(unit: number): number {
  if (unit < 0x0660) return unit >= 48 && unit <= 57 ? unit : -1;
  for (const row of digitRows) {
    if (unit >= row && unit < row + 10) return unit - row + 48;
  }
  return -1;
}

function hasEnoughDigits(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length && count < fewestDigits; at += 1) {
    if (asciiDigit(text.charCodeAt(at)) !== -1) count += 1;
  }
  return count >= fewestDigits;
}

/** The same text, unit for unit, with ASCII digits: offsets found in it hold in the original. */
function withAsciiDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹０-９]/g, (digit) => String.fromCharCode(asciiDigit(digit.charCodeAt(0))));
}

function spansOf(text: string): Span[] {
  return finders.flatMap(({ kind, pattern, accept }) =>
    Array.from(text.matchAll(pattern))
      .filter((match) => accept?.(match[0]) ?? true)
      .map((match) => ({ kind, start: match.index, end: match.index + match[0].length })),
  );
}

/**
 * Replaces A-numbers, receipt numbers, payment card numbers and social security numbers (in Latin, Persian or
 * Arabic digits) by a neutral mark. Takes any text and never throws; a text without one comes back as it was.
 */
export function maskIdentifiers(text: string): Masked {
  if (!hasEnoughDigits(text)) return { text, found: [] };
  const spans = spansOf(withAsciiDigits(text)).sort((a, b) => a.start - b.start || b.end - a.end);
  const found = new Set<IdentifierKind>();
  let masked = "";
  let done = 0;
  for (const span of spans) {
    found.add(span.kind);
    if (span.start >= done) masked += text.slice(done, span.start) + mark;
    done = Math.max(done, span.end);
  }
  return { text: masked + text.slice(done), found: Array.from(found) };
}
