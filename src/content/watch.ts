import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** `ready`: the files have been looked at once; what is changed after that is told. */
export type Watching = { readonly ready: Promise<void>; readonly close: () => void };

const folders = ["flows", "locales"] as const;

/**
 * Looks at the names, sizes and times of the files below `<root>/flows` and `<root>/locales` every so many ms, and calls
 * `changed` once they differ from what they were and have been still since the look before: a set of files that is only
 * half copied is not read. Looking works on every file system, which being told does not. `seen`: the fingerprint they had
 * before they were read; without it, what is changed before the first look is taken for what was read. Nothing is thrown.
 */
export function watchContent(root: string, every: number, changed: () => void, seen?: string): Watching {
  let used = seen;
  let before: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const look = async () => {
    const now = await contentFingerprint(root);
    used ??= now;
    if (!closed && now !== used && now === before) {
      used = now;
      changed();
    }
    before = now;
    if (!closed) timer = setTimeout(() => void look(), every).unref();
  };
  return {
    ready: look(),
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** The names, sizes and times of the files below `<root>/flows` and `<root>/locales`. Never rejects. */
export async function contentFingerprint(root: string): Promise<string> {
  const told: string[] = [];
  for (const folder of folders) {
    for (const path of filesBelow(join(root, folder))) {
      told.push(tell(path));
      if (told.length % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return told.sort().join("\n");
}

/** Files looked at before others have their turn. To wait for each costs ten times what the look does. */
const atOnce = 50;

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return [folder];
  }
}

function tell(path: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(path);
    return `${path} ${size} ${mtimeMs} ${ino}`;
  } catch {
    return `${path} is gone`;
  }
}
