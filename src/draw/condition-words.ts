/** How a value of a name is to be written: an option by its words. */
export type SayValue = (name: string, value: string | number | boolean) => string;

const names: Readonly<Record<string, string>> = {
  "person.reminders": "number of reminders",
  "person.dates": "number of saved dates",
  "person.subscriptions": "number of topics joined",
  "person.topics": "number of topics not joined",
  "person.time-zone": "time zone",
  "person.stopped": "has said stop",
};

type Name = { readonly name: string; readonly say: SayValue };

/** How a test's value is put into words; a test that is not here is told by its own name. */
const tests: Readonly<Record<string, (value: unknown, about: Name) => string>> = {
  "one-of": (value, about) => `is one of ${listed(value, about).join(", ")}`,
  before: (value) => `is before ${moment(value)}`,
  after: (value) => `is after ${moment(value)}`,
  within: (value) => `is from ${originOf(value)} to ${daysOf(value)} days ahead`,
  "older-than": (value) => `is more than ${daysOf(value)} days before ${originOf(value)}`,
  "less-than": (value) => `is less than ${moment(value)}`,
  "at-most": (value) => `is at most ${moment(value)}`,
  "at-least": (value) => `is at least ${moment(value)}`,
  "more-than": (value) => `is more than ${moment(value)}`,
  answered: (value) => (value === true ? "is known" : "is not known"),
  some: (value, about) => `has one that ${testWords(value, about)}`,
  every: (value, about) => `has only such that ${testWords(value, about)}`,
  count: (value, about) => countWords(value, about),
};

/**
 * A condition as a sentence for authors: `day is before today and where is “In the U.S.”`. It takes any data, so that a
 * test of a kind that is new here is still told, by its own name.
 */
export function conditionWords(condition: unknown, say: SayValue): string {
  const lines = fieldsOf(condition).map(([name, line]) => lineWords(name, line, say));
  return lines.length === 0 ? "always" : lines.join(" and ");
}

function lineWords(name: string, line: unknown, say: SayValue): string {
  if (name === "not") return `not (${conditionWords(line, say)})`;
  if (Array.isArray(line)) {
    const joined = line.map((one) => conditionWords(one, say)).join(name === "all" ? " and " : " or ");
    return line.length > 1 ? `(${joined})` : joined;
  }
  return `${names[name] ?? name} ${testWords(line, { name, say })}`;
}

function testWords(test: unknown, about: Name): string {
  if (isScalar(test)) return `is ${about.say(about.name, test)}`;
  return fieldsOf(test)
    .map(([kind, value]) =>
      Object.hasOwn(tests, kind) ? tests[kind]?.(value, about) : `${kind} ${moment(value)}`,
    )
    .join(" and ");
}

function countWords(value: unknown, about: Name): string {
  const limits = fieldsOf(value).flatMap(([kind, limit]) =>
    kind === "of" ? [] : [`${kind.replace("-", " ")} ${String(limit)}`],
  );
  const of = fieldsOf(value).find(([kind]) => kind === "of")?.[1];
  return `has ${limits.join(" and ")}${of === undefined ? "" : ` that ${testWords(of, about)}`}`;
}

function listed(value: unknown, { name, say }: Name): readonly string[] {
  return Array.isArray(value) ? value.filter(isScalar).map((one) => say(name, one)) : [];
}

/** A day, an amount or another answer's name; anything else as its data. */
function moment(value: unknown): string {
  return isScalar(value) ? String(value) : JSON.stringify(value);
}

function daysOf(value: unknown): string {
  return isScalar(value) ? String(value) : String(fieldsOf(value).find(([key]) => key === "days")?.[1]);
}

function originOf(value: unknown): string {
  const of = fieldsOf(value).find(([key]) => key === "of")?.[1];
  return of === undefined ? "today" : String(of);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
