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
import { peopleLists } from "../../src/wiring/people-lists.ts";
import { newFolder } from "../contract/store/sqlite-place.ts";
import { silent } from "../logs.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = join(newFolder(), "data");
  file = join(folder, "tombstones");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const of = (digit: string): string => digit.repeat(32);
const read = (): readonly string[] => [...peopleLists(folder, silent).erased()];

describe("the list of tombstones", () => {
  it("is empty, and makes nothing, until somebody is erased", () => {
    const list = peopleLists(folder, silent);
    list.addErased([]);
    expect(list.erased().size).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it("is only added to, for its owner only", () => {
    const list = peopleLists(folder, silent);
    list.addErased([of("a"), of("b")]);
    list.addErased([of("c")]);
    expect(readFileSync(file, "utf8")).toBe(`${of("a")}\n${of("b")}\n${of("c")}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read()).toEqual([of("a"), of("b"), of("c")]);
  });

  it("passes over a line that a crash cut short, and begins the next on its own", () => {
    mkdirSync(folder);
    writeFileSync(file, `${of("a")}\nbbbb`);
    peopleLists(folder, silent).addErased([of("c")]);
    expect(read()).toEqual([of("a"), of("c")]);
  });

  it("may be joined with another by putting one behind the other", () => {
    peopleLists(folder, silent).addErased([of("a")]);
    appendFileSync(file, `${of("b")}\n${of("a")}\n`);
    expect(read()).toEqual([of("a"), of("b")]);
  });

  it("says so where it can't be written, and writes it with the next", () => {
    const said: string[] = [];
    mkdirSync(file, { recursive: true });
    const list = peopleLists(folder, { ...silent, error: (event) => said.push(event) });
    list.addErased([of("a")]);
    expect(said).toEqual(["list-not-written"]);
    rmSync(file, { recursive: true });
    list.addErased([of("b")]);
    expect(read()).toEqual([of("a"), of("b")]);
  });
});

describe("the list of those who said stop", () => {
  it("knows each one's last word by its time, whatever the order of the lines", () => {
    const list = peopleLists(folder, silent);
    list.addOptOut({ who: of("a"), at: 1_000, stopped: true });
    list.addOptOut({ who: of("b"), at: 2_000, stopped: true });
    list.addOptOut({ who: of("b"), at: 3_000, stopped: false });
    const path = join(folder, "opt-outs");
    expect(readFileSync(path, "utf8")).toBe(
      `1000 stop ${of("a")}\n2000 stop ${of("b")}\n3000 again ${of("b")}\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    appendFileSync(path, `2500 stop ${of("b")}\n500 again ${of("a")}\nnonsense\n4000 stop abc`);
    expect([...list.optOuts()].toSorted()).toEqual([
      [of("a"), true],
      [of("b"), false],
    ]);
  });
});
