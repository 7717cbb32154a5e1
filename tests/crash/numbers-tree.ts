import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { smallContent } from "../core/flow/small-content.ts";
import { copyTree } from "../system/copy-tree.ts";
import { failPointPatches } from "./fail-points.ts";

/** A number, whether it is right, and its colour, over and over: the number makes all that is said of it unlike all else. */
const flow = `start: begin
nav: []
steps:
  begin: { kind: set, values: { last: { value: 0 } }, next: number }
  number: { kind: ask, answer: { kind: number, least: 1, most: 999999 }, nav: [], next: remember }
  remember: { kind: set, values: { last: { answer: number } }, next: right }
  right: { kind: ask, answer: { kind: yes-no }, nav: [], next: colour }
  colour: { kind: ask, answer: { kind: choice, options: [red, green, blue] }, nav: [], next: told }
  told: { kind: say, next: number }
`;
const words = JSON.stringify({
  number: { text: "The last number was {{answers.last}}. Which is the next?" },
  right: { text: "Is {{answers.last}} right?" },
  colour: {
    // Two lines: on WhatsApp the first leaves as a message of its own.
    text: "{{answers.last}} it is.\nWhich colour has {{answers.last}}?",
    options: { red: "Red", green: "Green", blue: "Blue" },
  },
  told: { text: "{{answers.last}} has the colour {{answers.colour}}." },
});

const content: Readonly<Record<string, string>> = {
  ...smallContent,
  "flows/numbers.yaml": flow,
  "locales/en/numbers.json": words,
  "locales/es/numbers.json": words,
};

/** The tap that opens the flow. */
export const opening = "f:numbers";

/** Copies the server into `folder`, with fail points, and with a content so small that it starts in half the time. */
export function numbersTree(folder: string): string {
  copyTree(folder, failPointPatches);
  for (const name of ["flows", "locales"]) rmSync(join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
