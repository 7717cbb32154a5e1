/** A line of a stack that names a place in a file. */
const place = /^ +at .*:\d+:\d+\)?$/;

/**
 * What may be told of an error that nobody expected while people's messages were being handled: its class and where it
 * came from, never its message, which may quote what somebody wrote.
 */
export function lastWords(error: unknown): string {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const message = error instanceof Error ? error.message : "";
  const places = stack
    .replace(message, () => "")
    .split("\n")
    .filter((line) => place.test(line));
  return [`Parwana ended because of an error of its own (${kind}).`, ...places].join("\n");
}
