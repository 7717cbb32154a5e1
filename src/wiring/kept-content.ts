import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { type Texts, translatorOf } from "../content/translator.ts";
import { type Asked, indexOf } from "../core/flow/index-of.ts";
import type { Program } from "../core/flow/program.ts";
import type { Issue } from "../core/flow/source.ts";
import { inThread } from "./in-thread.ts";
import type { FreshContent, ServerContent } from "./server-content.ts";

/** `keep` leaves the content for the next start; it never throws, and does nothing where it came from there itself. */
export type Opened = (ServerContent & { readonly keep: () => void }) | { readonly issues: readonly Issue[] };

/** What is kept, or sent by another thread: the program without its functions, and what those and the translator are made of. */
export type Kept = Pick<ServerContent, "words" | "questions"> & {
  readonly program: Omit<Program, "faq"> & { readonly faq: Omit<Program["faq"], "asked" | "index"> };
  readonly texts: Texts;
  /** Serialised by itself: a start does not need it at once. */
  readonly asked: Uint8Array;
};

/** What comes of reading the content in a thread. */
export type ReadContent =
  | { readonly kind: "refused"; readonly issues: readonly Issue[] }
  | { readonly kind: "read"; readonly content: Kept };

const codeRoot = fileURLToPath(new URL("..", import.meta.url));
/** What the kept content depends on besides this Node: the content itself, and the code that understands it. */
const contentFolders = ["flows", "locales"] as const;
const codeFolders = ["core", "content", "wiring"] as const;
const hashBytes = 32;

/**
 * Opens the content below `root` for a server. Where `file` holds what an earlier start made of the very same bytes, with
 * the same code under the same Node, it is taken from there: it was found free of errors then. Anything else about the
 * file (missing, old, damaged) means that the content is read, compiled and checked as ever.
 */
export async function openContent(root: string, file: string): Promise<Opened> {
  const print = printOf(root);
  const kept = print === undefined ? undefined : readKept(file, print);
  if (kept !== undefined) return { ...restored(kept), keep: () => undefined };
  // Reading leaves three times as much memory behind as the content needs: it goes with the thread.
  const read = await inThread<ReadContent>(new URL("./read-content.ts", import.meta.url), root);
  if (read.kind === "refused") return read;
  const { content } = read;
  const keep = () => {
    // The files may have been written to while they were read.
    if (print !== undefined && printOf(root)?.equals(print) === true) writeKept(file, print, content);
  };
  return { ...restored(content), keep };
}

/** Content without its functions. */
export function keptOf({ program, texts, words, questions }: FreshContent): Kept {
  const { asked, index: _, ...faq } = program.faq;
  return { program: { ...program, faq }, texts, words, questions, asked: serialize(asked()) };
}

/** Content with its functions again. */
export function restored({ program, texts, words, questions, asked: bytes }: Kept): ServerContent {
  const asked = (): Asked => deserialize(bytes);
  const faq = { ...program.faq, asked, index: indexOf(asked) };
  return { program: { ...program, faq }, translator: translatorOf(texts), words, questions };
}

/** A hash of everything that the kept content was made of; undefined where something can't be read. */
function printOf(root: string): Buffer | undefined {
  const hash = createHash("sha256").update(process.version);
  try {
    for (const folder of contentFolders.map((name) => join(root, name))) addFolder(hash, folder);
    for (const folder of codeFolders.map((name) => join(codeRoot, name))) addFolder(hash, folder);
    return hash.digest();
  } catch {
    return undefined;
  }
}

function addFolder(hash: ReturnType<typeof createHash>, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      hash.update(`folder ${path}\n`);
      addFolder(hash, path);
    } else {
      const bytes = readFileSync(path);
      hash.update(`file ${path} ${bytes.length}\n`).update(bytes);
    }
  }
}

/** The file: the print of what it was made of, a hash of what follows, and that. */
function readKept(file: string, print: Buffer): Kept | undefined {
  try {
    const bytes = readFileSync(file);
    const kept = bytes.subarray(2 * hashBytes);
    const isWhole = sha256(kept).equals(bytes.subarray(hashBytes, 2 * hashBytes));
    return isWhole && print.equals(bytes.subarray(0, hashBytes)) ? deserialize(kept) : undefined;
  } catch {
    return undefined;
  }
}

function writeKept(file: string, print: Buffer, kept: Kept): void {
  try {
    const bytes = serialize(kept);
    mkdirSync(dirname(file), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, Buffer.concat([print, sha256(bytes), bytes]), { mode: 0o600 });
    renameSync(own, file);
  } catch {
    // The next start will read the files themselves.
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
