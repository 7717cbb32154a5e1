import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { run } from "../../src/cli/run.ts";
import { readSource } from "../../src/content/read-source.ts";
import { flowSchema } from "../../src/core/flow/schema.ts";
import type { Json, Source, SourceFile } from "../../src/core/flow/source.ts";
import { drawAll, drawFlow, flowNames } from "../../src/draw/draw-flows.ts";
import { flowWords } from "../../src/draw/flow-words.ts";
import { pictureOf } from "../../src/draw/picture-of.ts";
import { type Placed, place } from "../../src/draw/place.ts";
import { tree } from "../content/tree.ts";
import { projectRoot } from "../project-root.ts";

afterEach(() => vi.restoreAllMocks());

function fileOf(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}

/** Content with one flow called `fixture`. */
function content(
  flow: Json,
  words: Json,
  language = "en",
  more: Readonly<Record<string, Json>> = {},
): Source {
  const locale = { fixture: words, ...more };
  const files = Object.entries(locale).map(
    ([name, data]) => [name, fileOf(`locales/${name}.json`, data)] as const,
  );
  return {
    flows: new Map([["fixture", fileOf("flows/fixture.yaml", flow)]]),
    locales: new Map([[language, new Map(files)]]),
  };
}

function drawn(source: Source, format: "svg" | "mermaid" = "svg", language = "en"): string {
  const text = drawFlow(source, "fixture", format, language);
  if (typeof text !== "string") throw new Error(text.map(({ what }) => what).join("\n"));
  return text;
}

const yesNo = { kind: "yes-no" };
const withOrphans: Json = {
  start: "safe",
  steps: {
    safe: {
      kind: "ask",
      answer: yesNo,
      unsure: true,
      adds: { no: "danger" },
      next: { yes: "how-old", no: "show", unsure: "gone" },
    },
    "how-old": { kind: "ask", answer: { kind: "number" }, wait: { days: 3, next: "bye" }, next: "table" },
    table: {
      kind: "decide",
      table: [{ when: { "how-old": { "at-least": 18 } }, next: "sub" }],
      otherwise: "bye",
    },
    sub: { kind: "call", flow: "other/flow", next: "bye" },
    show: { kind: "outcome", outcome: "danger", show: "now", next: "bye" },
    bye: { kind: "end" },
    orphan: { kind: "say", next: "orphan-two" },
    "orphan-two": { kind: "say", next: "orphan" },
  },
  outcomes: { danger: { level: "lawyer-first" } },
};
const words: Json = {
  safe: { heading: "Safety", text: "Is everyone safe?" },
  "how-old": { text: "How old?" },
  orphan: { text: "Nobody hears this." },
  outcomes: { danger: "Call someone." },
};
const answers: Json = {
  yes: { label: "Yes" },
  no: { label: "No" },
  "dont-know": { label: "I don't know" },
  "rather-not-say": { label: "Rather not" },
};
const fixture = content(withOrphans, words, "en", { answers });

/** What is wrong with XML: tags that do not close as they opened, characters that should be escaped. */
function faultsOf(xml: string): readonly string[] {
  const tag = /<(\/?)([a-zA-Z]+)(?: [\w:-]+="[^"<]*")*\/?>/g;
  const between = xml.replaceAll(tag, "").replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "");
  const open: string[] = [];
  for (const [all, closing, name = ""] of xml.matchAll(tag)) {
    if (closing === "/") open.splice(open.at(-1) === name ? -1 : open.length, 1);
    else if (!all.endsWith("/>")) open.push(name);
  }
  return [...open, ...(between.match(/[<&]|\p{Cs}|(?!\n)\p{Cc}/gu) ?? [])];
}

describe("a drawn flow", () => {
  const picture = pictureOf(
    "fixture",
    flowSchema.parse(withOrphans),
    flowWords(fixture, "fixture", "en"),
    "en",
  );
  const arrow = (from: string, to: string) =>
    picture.arrows.find((one) => one.from === from && one.to === to);

  it("has a box for each step, and one for each step that is named but not there", () => {
    const ids = picture.boxes.map(({ id }) => id);
    const steps = "safe how-old table sub show bye orphan orphan-two gone".split(" ");
    expect(ids.slice(1)).toEqual(steps);
  });

  it.each([
    ["safe", "how-old", ["Yes"], "way"],
    ["safe", "show", ["No"], "way"],
    ["safe", "gone", ["I don't know / Rather not"], "way"],
    ["how-old", "table", [], "way"],
    ["how-old", "bye", ["no answer for 3 days"], "late"],
    ["table", "sub", ["1"], "way"],
    ["table", "bye", ["else"], "way"],
    ["sub", "bye", [], "way"],
  ])("leads from %s to %s by %j", (from, to, labels, kind) => {
    expect(arrow(from, to)).toMatchObject({ labels, kind, reachable: true });
  });

  it("knows what nothing leads to", () => {
    const lost = picture.boxes.filter(({ reachable }) => !reachable).map(({ id }) => id);
    expect(lost).toEqual(["orphan", "orphan-two", "gone"]);
    expect(arrow("orphan", "orphan-two")?.reachable).toBe(false);
  });

  it("tells what an answer adds, by its level", () => {
    const rows = picture.boxes.find(({ id }) => id === "safe")?.rows;
    expect(rows).toContainEqual({ kind: "adds", level: "lawyer-first", mark: "No", text: "Call someone." });
  });

  it("needs no arrow back from a step that is gone through", () => {
    const loop: Json = {
      start: "menu",
      steps: {
        menu: { kind: "ask", answer: { kind: "choice", options: ["a", "b"] }, next: { a: "go", b: "end" } },
        go: { kind: "call", flow: "elsewhere", next: "menu" },
        end: { kind: "end" },
      },
    };
    const source = content(loop, {});
    const { arrows } = pictureOf("fixture", flowSchema.parse(loop), flowWords(source, "fixture", "en"), "en");
    expect(arrows.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      ["(start)", "menu", "way"],
      ["menu", "go", "both"],
      ["menu", "end", "way"],
    ]);
  });
});

describe("svg", () => {
  const red = "#dc2626";

  /** The part of the drawing that is one step's box. */
  function boxIn(svg: string, step: string): string {
    return svg.split('<g transform="translate').find((group) => group.includes(`· ${step}</text>`)) ?? "";
  }

  it("draws in red what nothing leads to, and only that", () => {
    const svg = drawn(fixture);
    for (const step of ["orphan", "orphan-two"]) expect(boxIn(svg, step)).toContain(`stroke="${red}"`);
    for (const step of ["safe", "how-old", "show"]) {
      expect(boxIn(svg, step)).not.toBe("");
      expect(boxIn(svg, step)).not.toContain(red);
    }
    expect(svg).toContain(">there is no step gone</text>");
    expect(svg).toContain(">unreachable</text>");
  });

  it("colours results by their level and says the level in words", () => {
    const svg = drawn(
      content(withOrphans, words, "en", {
        answers,
        conversation: { levels: { "lawyer-first": "Lawyer first!" } },
      }),
    );
    expect(boxIn(svg, "show")).toContain('stroke="#b45309"');
    expect(svg.match(/>Lawyer first!<\/text>/g)).toHaveLength(2);
  });

  it.each(["gathered", "share", "summary"])("draws a page of %s as what is said, and not in red", (show) => {
    const flow = {
      start: "page",
      steps: { page: { kind: "outcome", show, next: "bye" }, bye: { kind: "end" } },
    };
    const svg = drawn(content(flow, { page: { heading: "A page" } }));
    expect(boxIn(svg, "page")).toContain(">A page</text>");
    expect(boxIn(svg, "page")).not.toContain("shows a result");
    expect(svg).not.toMatch(new RegExp(`<rect[^>]*${red}`));
  });

  it("sets right-to-left words as such, from their right edge, and the authors' words not", () => {
    const texts: Json = { safe: { text: "آیا در امریکا هستید؟ I-94 را ببینید" } };
    const source = content(withOrphans, texts, "fa-AF", { answers: { yes: { label: "بلی" } } });
    const svg = drawn(source, "svg", "fa-AF");
    const elements = [...svg.matchAll(/<text [^>]*>[^<]*<\/text>/g)].map(([all]) => all);
    const turned = elements.filter((one) => one.includes('direction="rtl"'));
    expect(turned.length).toBeGreaterThan(2);
    for (const one of turned) {
      expect(one).toMatch(/unicode-bidi="isolate"/);
      expect(one).toMatch(/text-anchor="(?:start|middle)"/);
      expect(one).toContain('xml:lang="fa-AF"');
    }
    expect(turned.join()).toContain("\u2068I-94\u2069");
    expect(elements.find((one) => one.includes("· safe<"))).not.toContain("rtl");
    for (const [, text = ""] of svg.matchAll(/>([^<]*)<\/text>/g)) {
      expect(text.split("\u2068")).toHaveLength(text.split("\u2069").length);
    }
  });

  it("isolates an answer's words in a table's row, which is the authors' own", () => {
    const flow: Json = {
      start: "where",
      steps: {
        where: { kind: "ask", answer: { kind: "choice", options: ["in", "out"] }, next: "table" },
        table: { kind: "decide", table: [{ when: { where: { "one-of": ["in", "out"] } }, next: "table" }] },
      },
    };
    const options = { in: "تاریخ I-94", out: "بیرون" };
    const source = content(flow, { where: { text: "کجا؟", options } }, "fa-AF");
    const svg = drawn(source, "svg", "fa-AF");
    expect(svg).toMatch(/>where is one of “\u2068تاریخ I-94\u2069”, “\u2068بیرون\u2069”</);
  });

  it("stays well-formed whatever the words and names hold", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('<script>"', "]]>&amp;", "a</text>", "\u0000\uffff'"),
    );
    fc.assert(
      fc.property(nasty, nasty, (text, label) => {
        const source = content(withOrphans, { safe: { text }, outcomes: { danger: label } }, "en", {
          answers: { yes: { label } },
        });
        const svg = drawn(source);
        expect(faultsOf(svg)).toEqual([]);
        expect(svg).not.toContain("<script");
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

describe("mermaid", () => {
  it("marks what nothing leads to, and writes answers on arrows", () => {
    const text = drawn(fixture, "mermaid");
    const nameOf = (step: string) =>
      new RegExp(`^ {2}(n\\d+).*· ${step}(?:<br|")`, "m").exec(text)?.[1] ?? "?";
    expect(text).toMatch(/^flowchart TD\n/);
    expect(text).toContain(`class ${["orphan", "orphan-two"].map(nameOf).join(",")},`);
    expect(text).toContain(`${nameOf("safe")} -->|"Yes"| ${nameOf("how-old")}`);
    expect(text).toContain(`${nameOf("how-old")} -.->|"no answer for 3 days"| ${nameOf("bye")}`);
    expect(text).toContain(`${nameOf("sub")}[["`);
  });

  it("lets no text out of its quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        const text = drawn(content(withOrphans, { safe: { text: `${given}"]; click` } }), "mermaid");
        for (const line of text.split("\n")) expect(line.split('"').length % 2).toBe(1);
        expect(text).not.toMatch(/<(?!br\/>|\/?[bi]>|-->)/);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe("the shipped flows", () => {
  const { source } = readSource(projectRoot);
  const languages = [...source.locales.keys()];

  type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  const areasOf = ({ boxes, arrows }: Placed): readonly Area[] => [
    ...boxes.map(({ x, y, laid }) => ({ x, y, width: laid.width, height: laid.height })),
    ...arrows.flatMap(({ labels }) =>
      labels === undefined
        ? []
        : [
            {
              x: labels.x - labels.laid.width / 2,
              y: labels.y - labels.laid.height / 2,
              width: labels.laid.width,
              height: labels.laid.height,
            },
          ],
    ),
  ];
  const overlap = (a: Area, b: Area) =>
    a.x + a.width > b.x + 2 &&
    b.x + b.width > a.x + 2 &&
    a.y + a.height > b.y + 2 &&
    b.y + b.height > a.y + 2;

  it.each(flowNames(source))("%s has nothing that lies on something else, in any language", (flow) => {
    const read = flowSchema.parse(source.flows.get(flow)?.data);
    for (const language of languages) {
      const areas = areasOf(place(pictureOf(flow, read, flowWords(source, flow, language), language)));
      const overlapping = areas.flatMap((a, at) => areas.slice(at + 1).filter((b) => overlap(a, b)));
      expect([language, overlapping]).toEqual([language, []]);
    }
  });

  it("go from left to right where they would be a long strip, in the order of the file", () => {
    const read = flowSchema.parse(source.flows.get("menu")?.data);
    const { width, height, boxes } = place(pictureOf("menu", read, flowWords(source, "menu", "en"), "en"));
    expect(width).toBeLessThan(2 * height);
    const calls = boxes.filter(({ box }) => box.opens !== undefined).map(({ y }) => y);
    expect(calls).toEqual(calls.toSorted((a, b) => a - b));
  });

  it("give the same drawings each time, and docs/flows holds them as they are now", () => {
    const now = drawAll(source);
    if (!("get" in now)) throw new Error("a flow can't be read");
    expect(drawAll(source)).toEqual(now);
    const folder = join(projectRoot, "docs/flows");
    const there = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    expect(there.sort()).toEqual([...now.keys()].sort());
    const stale = [...now].filter(([path, text]) => readFileSync(join(folder, path), "utf8") !== text);
    expect(
      stale.map(([path]) => path),
      "run `npx parwana draw --all docs/flows`",
    ).toEqual([]);
  });
});

describe("parwana draw", () => {
  async function ran(args: readonly string[]) {
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      vi.spyOn(process[stream], "write").mockImplementation((text) => {
        said[stream] += String(text);
        return true;
      });
    }
    return { code: await run(["draw", ...args]), ...said };
  }
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), "parwana-draw-"));
    onTestFinished(() => rmSync(made, { recursive: true }));
    return made;
  };

  it.each([
    [["screening/strat"], 2, "did you mean `screening/start`?"],
    [["menu", "--locale", "fa"], 2, "no language `fa`"],
    [["menu", "--format", "pdf"], 2, "svg, mermaid"],
    [[], 2, "--all"],
    [["menu", "--all", "somewhere"], 2, "--all"],
  ])("%j gives %i and says %s", async (args, code, words) => {
    expect(await ran(args)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(words) });
  });

  it("writes to stdout, or to a file", async () => {
    const file = join(folder(), "menu.svg");
    const { code, stdout } = await ran(["menu", "--locale", "ps"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(await ran(["menu", "--locale", "ps", "--out", file])).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(file, "utf8")).toBe(stdout);
  });

  it("draws a flow that does not pass the check, and tells the line of one that can't be read", async () => {
    const root = tree({
      "flows/odd.yaml": "start: one\nsteps:\n  one: { kind: say, next: nowhere }\n",
      "flows/torn.yaml": "start: one\nsteps:\n  one: { kind: sing }\n",
      "locales/en/odd.json": '{ "one": { "text": "Hello" } }',
    });
    const odd = await ran(["odd", "--content", root]);
    expect(odd).toMatchObject({ code: 0, stdout: expect.stringContaining("there is no step nowhere") });
    const torn = await ran(["torn", "--content", root]);
    expect(torn).toMatchObject({ code: 1, stderr: expect.stringMatching(/flows\/torn\.yaml:3: /) });
  });

  it("draws all of them into a folder, and names what is left of flows that are gone", async () => {
    const into = folder();
    writeFileSync(join(into, "gone.svg"), "");
    const { code, stdout, stderr } = await ran(["--all", into]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toContain("screening/start.mmd");
    expect(stderr).toContain("gone.svg belongs to no flow");
    expect(readFileSync(join(into, "README.md"), "utf8")).toContain("(screening/start.svg)");
  });
});
