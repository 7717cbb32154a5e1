import fc, { type GeneratorValue } from "fast-check";
import type { AnswerKind } from "../../../src/core/flow/answer-schema.ts";
import type { Json } from "../../../src/core/flow/source.ts";
import { arbitraryCondition, type Name, one } from "./arbitrary-conditions.ts";

type Param = Omit<Name, "list">;

/** One flow as it would stand in a file, with its English words. */
export type MadeFlow = {
  readonly id: string;
  readonly data: { readonly [key: string]: Json };
  readonly words: { readonly [key: string]: Json };
  readonly params: readonly Param[];
  readonly results: readonly Name[];
};

const kinds: readonly AnswerKind[] = [
  "yes-no",
  "choice",
  "several",
  "date",
  "number",
  "money",
  "text",
  "country",
  "phone",
  "receipt-number",
];
const stepKinds = [
  "ask",
  "ask",
  "ask",
  "ask",
  "say",
  "decide",
  "decide",
  "call",
  "call",
  "repeat",
  "repeat",
  "set",
  "remind",
  "subscribe",
  "outcome",
  "hand-over",
  "faq",
  "forget",
] as const;

const fixed: Readonly<Partial<Record<AnswerKind, Json>>> = {
  "yes-no": "yes",
  choice: "red",
  date: "2026-12-01",
  number: 3,
  text: "someone",
};
const paramKinds = ["yes-no", "choice", "date", "number", "text"] as const;
const answers: Readonly<Record<AnswerKind, { readonly [key: string]: Json }>> = {
  "yes-no": { kind: "yes-no" },
  choice: { kind: "choice", options: ["red", "blue"] },
  several: { kind: "several", options: ["tea", "salt", "rice"] },
  date: { kind: "date" },
  number: { kind: "number", most: 3 },
  money: { kind: "money" },
  text: { kind: "text" },
  country: { kind: "country" },
  phone: { kind: "phone" },
  "receipt-number": { kind: "receipt-number" },
};
const options: Readonly<Partial<Record<AnswerKind, readonly string[]>>> = {
  "yes-no": ["yes", "no"],
  choice: ["red", "blue"],
};

/** Flows that call only later ones; every step but a question leads forward, so that nothing goes round without waiting. */
export function arbitraryFlows(g: GeneratorValue): readonly MadeFlow[] {
  const count = g(fc.integer, { min: 2, max: 4 });
  const made: MadeFlow[] = [];
  for (let at = count - 1; at >= 0; at--) made.unshift(new Maker(g, `f${at}`, made).flow(at > 0));
  return made;
}

class Maker {
  readonly #g: GeneratorValue;
  readonly #id: string;
  readonly #callees: readonly MadeFlow[];
  readonly #names: Name[] = [];
  readonly #words: Record<string, Json> = {};

  constructor(g: GeneratorValue, id: string, callees: readonly MadeFlow[]) {
    this.#g = g;
    this.#id = id;
    this.#callees = [...callees];
  }

  flow(called: boolean): MadeFlow {
    const params = called ? this.#params() : [];
    this.#names.push(...params.map((param) => ({ ...param, list: false })));
    const count = this.#upTo(1, 7);
    const steps: Record<string, Json> = {};
    for (let at = count - 1; at >= 0; at--) steps[`s${at}`] = this.#step(at, count);
    const results = this.#names.filter(({ name, list }) => !list && !name.includes(".") && this.#maybe());
    return {
      id: this.#id,
      params,
      results: results.filter(({ name }) => !params.some((param) => param.name === name)),
      words: { ...this.#words, outcomes: { good: "Good.", bad: "Bad." } },
      data: {
        start: "s0",
        params: Object.fromEntries(
          params.map(({ name, kind, unsure }) => [name, { answer: answers[kind], unsure }]),
        ),
        results: results
          .filter(({ name }) => !params.some((param) => param.name === name))
          .map(({ name }) => name),
        outcomes: { good: { level: "worth-asking" }, bad: { level: "closed" } },
        steps: { ...steps, end: this.#upTo(0, 9) === 0 ? { kind: "end", then: "menu" } : { kind: "end" } },
      },
    };
  }

  #params(): readonly Param[] {
    return Array.from({ length: this.#upTo(0, 2) }, (_, at) => ({
      name: `p${at}`,
      kind: this.#one(paramKinds),
      unsure: this.#maybe(),
    }));
  }

  #step(at: number, count: number): Json {
    const id = `s${at}`;
    const kind = this.#kindAt(at, count);
    const next = this.#forward(at, count);
    switch (kind) {
      case "ask":
        return this.#ask(id, count);
      case "say":
        this.#words[id] = { text: this.#sentence("Said") };
        return { kind, next };
      case "decide":
        return this.#decide(at, count);
      case "call":
      case "repeat":
        return this.#run(kind, id, next);
      case "set":
        return this.#set(id, next);
      case "remind":
        return this.#remind(next);
      case "subscribe":
        return { kind, do: this.#one(["join", "leave"]), topic: { value: "helpline/policy-news" }, next };
      case "outcome":
        return this.#outcome(id, next);
      case "hand-over":
        this.#words[id] = { text: "Someone will look." };
        return { kind, reason: "asked", next };
      case "faq":
        return this.#faq(next);
      case "forget":
        this.#words[id] = { text: "Gone." };
        return this.#upTo(0, 5) === 0 ? { kind } : { kind: "end" };
    }
  }

  /** Any kind; but flows that nothing is below ask first, and the others run one of those below. */
  #kindAt(at: number, count: number): (typeof stepKinds)[number] {
    if (this.#callees.length === 0 && at === 0) return "ask";
    if (this.#callees.length > 0 && at === Math.floor(count / 2))
      return this.#one(["call", "repeat", "repeat"]);
    return this.#one(stepKinds);
  }

  #ask(id: string, count: number): Json {
    const kind = this.#one(kinds);
    const unsure = this.#maybe();
    const picks = kind === "several" ? ["tea", "salt", "rice"] : (options[kind] ?? []);
    const labels = kind === "choice" || kind === "several" ? { options: labelsOf(picks) } : {};
    this.#words[id] = { text: this.#sentence("Asked?"), ...labels };
    this.#names.push({ name: id, kind, list: kind === "several", unsure });
    return {
      kind: "ask",
      answer: answers[kind],
      unsure,
      next: this.#nexts(options[kind], unsure, count),
      ...(unsure && this.#maybe() ? { adds: { unsure: "bad" } } : {}),
      ...(this.#upTo(0, 5) === 0 ? { wait: { days: 2, next: this.#anywhere(count) } } : {}),
    };
  }

  /** One step to go on with, or one for each answer. */
  #nexts(picks: readonly string[] | undefined, unsure: boolean, count: number): Json {
    if (picks === undefined || this.#maybe()) return this.#anywhere(count);
    const answered = [...picks, ...(unsure ? ["unsure"] : [])];
    return Object.fromEntries(answered.map((answer) => [answer, this.#anywhere(count)]));
  }

  #decide(at: number, count: number): Json {
    const rows = Array.from({ length: this.#upTo(1, 3) }, () => ({
      when: arbitraryCondition(this.#g, this.#names, 2),
      next: this.#forward(at, count),
    }));
    return { kind: "decide", table: rows, otherwise: this.#forward(at, count) };
  }

  #run(kind: "call" | "repeat", id: string, next: string): Json {
    if (this.#callees.length === 0) return { kind: "end" };
    const flow = this.#one(this.#callees);
    const given = flow.params.length === 0 ? {} : { with: this.#given(flow.params) };
    if (kind === "call") {
      if (this.#upTo(0, 4) === 0) return { kind, flow: flow.id, ...given };
      this.#names.push(...flow.results.map((one) => ({ ...one, name: `${id}.${one.name}` })));
      return { kind, flow: flow.id, ...given, next };
    }
    this.#names.push(...flow.results.map((one) => ({ ...one, name: `${id}.${one.name}`, list: true })), {
      name: `${id}.count`,
      kind: "number",
      list: false,
      unsure: false,
    });
    return { kind, flow: flow.id, ...given, ...this.#rounds(flow.results), most: 3, next };
  }

  #rounds(results: readonly Name[]): { readonly [key: string]: Json } {
    const again = results.find((one) => one.kind === "yes-no");
    if (again !== undefined && this.#maybe()) return { again: again.name };
    const number = this.#names.find((one) => one.kind === "number" && /^s\d$/.test(one.name));
    return { times: number !== undefined && this.#maybe() ? { answer: number.name } : { value: 2 } };
  }

  #given(params: readonly Param[]): Json {
    return Object.fromEntries(
      params.map(({ name, kind, unsure }) => {
        const same = this.#names.filter(
          (one) => one.kind === kind && !one.list && (unsure || !one.unsure) && this.#maybe(),
        );
        const [from] = same;
        return [name, from === undefined ? { value: fixed[kind] ?? "x" } : { answer: from.name }];
      }),
    );
  }

  #set(id: string, next: string): Json {
    const name = `v${id}`;
    const from = this.#names.filter(({ list }) => !list).at(0);
    if (from !== undefined && this.#maybe()) {
      this.#names.push({ ...from, name });
      return { kind: "set", values: { [name]: { answer: from.name } }, next };
    }
    this.#names.push({ name, kind: "number", list: false, unsure: false });
    return { kind: "set", values: { [name]: { value: 2 } }, next };
  }

  #remind(next: string): Json {
    const plain = this.#names.filter(({ name }) => !name.includes("."));
    const date = plain.find(({ kind }) => kind === "date");
    const label = plain.find(({ kind }) => kind === "text");
    if (date === undefined) return { kind: "end" };
    return {
      kind: "remind",
      do: "set",
      reminder: "due",
      date: date.name,
      ...(label === undefined ? {} : { label: label.name }),
      next,
    };
  }

  #outcome(id: string, next: string): Json {
    const show = this.#one(["now", "later", "gathered"]);
    if (show !== "gathered") return { kind: "outcome", outcome: this.#one(["good", "bad"]), show, next };
    this.#words[id] = { text: "Results", none: "Nothing." };
    return { kind: "outcome", show, next };
  }

  #faq(next: string): Json {
    const given = this.#names.find(({ name, kind }) => kind === "text" && /^p\d$/.test(name));
    return given === undefined ? { kind: "end" } : { kind: "faq", entry: given.name, next };
  }

  /** A sentence that may speak of what was answered. */
  #sentence(begin: string): string {
    const name = this.#names.length === 0 || this.#maybe() ? undefined : this.#one(this.#names);
    return name === undefined ? begin : `${begin} {{answers.${name.name}}}`;
  }

  #forward(at: number, count: number): string {
    const to = this.#upTo(at + 1, count);
    return to === count ? "end" : `s${to}`;
  }

  #anywhere(count: number): string {
    const to = this.#upTo(0, count);
    return to === count ? "end" : `s${to}`;
  }

  #one<T>(from: readonly T[]): T {
    return one(this.#g, from);
  }

  #upTo(min: number, max: number): number {
    return this.#g(fc.integer, { min, max });
  }

  #maybe(): boolean {
    return this.#g(fc.boolean);
  }
}

function labelsOf(picks: readonly string[]): Json {
  return Object.fromEntries(picks.map((one) => [one, `The ${one}`]));
}
