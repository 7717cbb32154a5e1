import type { Log, LogFields } from "../src/app/ports.ts";

export type Note = { readonly level: string; readonly event: string; readonly fields: LogFields };

/** A log that keeps what it is told, in order. */
export function keepingLog(): Log & { readonly notes: Note[] } {
  const notes: Note[] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      notes.push({ level, event, fields });
    };
  return { notes, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

const quiet = (): void => undefined;

/** A log that keeps nothing. */
export const silent: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
