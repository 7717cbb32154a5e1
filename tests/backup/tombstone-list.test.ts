import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tombstoneList } from "../../src/wiring/tombstone-list.ts";
import { newFolder } from "../contract/store/sqlite-place.ts";
import { silent } from "../postgres/place.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = join(newFolder(), "data");
  file = join(folder, "tombstones");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const of = (digit: string): string => digit.repeat(32);
const read = (): readonly string[] => [...tombstoneList(folder, silent).read()];

describe("the list of tombstones", () => {
  it("is empty, and makes nothing, until somebody is erased", () => {
    const list = tombstoneList(folder, silent);
    list.add([]);
    expect(list.read().size).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it("is only added to, for its owner only", () => {
    const list = tombstoneList(folder, silent);
    list.add([of("a"), of("b")]);
    list.add([of("c")]);
    expect(readFileSync(file, "utf8")).toBe(`${of("a")}\n${of("b")}\n${of("c")}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read()).toEqual([of("a"), of("b"), of("c")]);
  });

  it("passes over a line that a crash cut short, and begins the next on its own", () => {
    mkdirSync(folder);
    writeFileSync(file, `${of("a")}\nbbbb`);
    tombstoneList(folder, silent).add([of("c")]);
    expect(read()).toEqual([of("a"), of("c")]);
  });

  it("may be joined with another by putting one behind the other", () => {
    tombstoneList(folder, silent).add([of("a")]);
    appendFileSync(file, `${of("b")}\n${of("a")}\n`);
    expect(read()).toEqual([of("a"), of("b")]);
  });

  it("says so where it can't be written, and writes it with the next", () => {
    const said: string[] = [];
    mkdirSync(file, { recursive: true });
    const list = tombstoneList(folder, { ...silent, error: (event) => said.push(event) });
    list.add([of("a")]);
    expect(said).toEqual(["tombstones-not-listed"]);
    rmSync(file, { recursive: true });
    list.add([of("b")]);
    expect(read()).toEqual([of("a"), of("b")]);
  });
});
