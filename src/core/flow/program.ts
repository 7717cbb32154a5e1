import type { DateWords } from "../dates/date-words.ts";
import type { FlowId, TopicId } from "../nouns/ids.ts";
import type { Language } from "../nouns/language.ts";
import type { SayButton, SayPart } from "../nouns/say.ts";
import type { RedFlag, RedFlagMatcher } from "../red-flags/match-red-flag.ts";
import type { AboutName } from "./about.ts";
import type { AnswerSpec } from "./answer-schema.ts";
import type { Moves } from "./earlier-names.ts";
import type {
  CommandsSource,
  FactsSource,
  ReminderSource,
  SourcesSource,
  TemplatesSource,
} from "./file-schemas.ts";
import type { Asked, LazyIndex } from "./index-of.ts";
import type { OutcomeLevel, ParamSource, PromiseSource, StepKind, StepOf } from "./schema.ts";
import type { ValueType } from "./value-type.ts";

/** A step's place: `<flow>:<step>`, e.g. `screening/start:danger`. The key of its answer too. */
export type Place = string;

/** An answer's value that a sentence of a step speaks of: `{{answers.<name>}}`; of this type, where one is known. */
export type AnswerParam = {
  readonly param: string;
  readonly name: string;
  readonly key: Place;
  readonly type: ValueType | undefined;
};

/** What a step of any kind carries besides its own fields. */
export type StepFrame = {
  readonly place: Place;
  readonly inFlow: FlowId;
  readonly id: string;
  /** The places of the flow's steps by their names: whoever goes from step to step need not put them together. */
  readonly near: ReadonlyMap<string, Place>;
  /** The frames of a conversation that is here and was called from nowhere: one list for all of them. */
  readonly alone: readonly Place[];
  /** The words it says when reached: heading, text, note, those that exist. */
  readonly parts: readonly SayPart[];
  readonly answerParams: readonly AnswerParam[];
};

/** The place of a step of the same flow. */
export function placeNear({ inFlow, near }: Pick<StepFrame, "inFlow" | "near">, step: string): Place {
  return near.get(step) ?? `${inFlow}:${step}`;
}

/** What an `ask` step has ready, so that a turn need not work it out again. */
export type AskFrame = {
  /** Options with fixed ids, in order, unsure answers last; empty for open answers. */
  readonly buttons: readonly SayButton[];
  readonly nav: readonly SayButton[];
  /** The ids of all of them, in the order they are shown: what a typed number picks from. */
  readonly offered: readonly string[];
  /** The short hash that its buttons carry. */
  readonly hash: string;
  /** Option id by each accepted word of every language, normalised. */
  readonly accept: ReadonlyMap<string, string>;
  readonly help: SayPart | undefined;
  /** Key of what it asks about, in a few words, for the page of results and the summary. */
  readonly about: string | undefined;
  /** The value an option stands for, where it is not its id. */
  readonly values: ReadonlyMap<string, string>;
  /** The same question under its earlier names: keyboards that still stand in a chat carry those. */
  readonly former: readonly FormerAsk[];
};

/** A question as it was named before. */
export type FormerAsk = Pick<AskFrame, "buttons" | "hash"> & {
  readonly place: Place;
  readonly answer: AnswerSpec;
  /** What its options are called now. */
  readonly options: ReadonlyMap<string, string>;
};

type CompiledStep<K extends StepKind> = K extends "ask"
  ? Omit<StepOf<"ask">, "nav"> & StepFrame & AskFrame
  : StepOf<K> & StepFrame;
export type Step = { readonly [K in StepKind]: CompiledStep<K> }[StepKind];
export type StepOfKind<K extends StepKind> = Extract<Step, { kind: K }>;

export type Flow = {
  readonly id: FlowId;
  readonly start: string;
  /** The flow that "start again" begins in its place. */
  readonly again: FlowId | undefined;
  /** What a caller has to give. */
  readonly params: ReadonlyMap<string, ParamSource>;
  /** Answers that a caller can read. */
  readonly results: readonly string[];
  /** What is proved of it. */
  readonly promises: readonly PromiseSource[];
  readonly outcomes: ReadonlyMap<
    string,
    { readonly level: OutcomeLevel; readonly offers: string | undefined }
  >;
};

export type Command = CommandsSource["commands"][string];

export type Topic = {
  readonly id: TopicId;
  readonly titles: Readonly<Record<Language, string>>;
  readonly organisation: string;
};

export type FaqEntry = {
  readonly id: string;
  readonly topic: string;
  /** Key of its words: `faq/<topic>:<id>`. */
  readonly key: string;
  /** Key of the short name that fits a list row. */
  readonly labelKey: string;
  readonly hasMore: boolean;
  readonly sources: readonly string[];
  /** The earliest day on which one of its facts was checked; undefined when it states none. */
  readonly checkedOn: string | undefined;
  readonly related: readonly string[];
  readonly offers: FlowId | undefined;
  /** The entry that it is a part of. */
  readonly partOf: string | undefined;
  /** What its texts say of the installation itself. */
  readonly about: readonly AboutName[];
};

export type Fact = FactsSource["facts"][string];
export type Source = SourcesSource["sources"][string];

export type ReminderKind = ReminderSource & { readonly kind: string };

/** A template of WhatsApp's; `languages`: WhatsApp's own code of each language. */
export type Template = TemplatesSource["templates"][string] & {
  readonly languages: Readonly<Record<Language, string>>;
};

/** Everything `advance` reads: the flows and word lists compiled, and the installation's topics. Immutable. */
export type Program = {
  /** Hash of the content it was made from. */
  readonly hash: string;
  readonly languages: readonly Language[];
  readonly flows: ReadonlyMap<FlowId, Flow>;
  readonly steps: ReadonlyMap<Place, Step>;
  /** What earlier content called otherwise. */
  readonly moves: Moves;
  readonly commands: ReadonlyMap<string, Command>;
  /** Command by each of its words in every language, normalised. */
  readonly commandWords: ReadonlyMap<string, string>;
  /** The languages that have such a word: it tells which one somebody writes. */
  readonly commandLanguages: ReadonlyMap<string, readonly Language[]>;
  /** What is written on a button of the engine's own, in every language, normalised: how the button's id begins and ends. */
  readonly buttonNames: ReadonlyMap<string, { readonly begin: string; readonly end: string }>;
  /** Words that are accepted somewhere, normalised, with the red flag they raise: looked up instead of matched. */
  readonly knownWords: ReadonlyMap<string, RedFlag | undefined>;
  readonly redFlags: {
    readonly matcher: RedFlagMatcher;
    readonly urgent: ReadonlyMap<string, boolean>;
    /** The flags that open a case in the organisation's inbox. */
    readonly handsOver: ReadonlySet<string>;
  };
  readonly faq: {
    /** What the index is made from. Only these two are functions: all else in a program is plain data. */
    readonly asked: () => Asked;
    /** What free text is looked up in; built when it is first asked for. */
    readonly index: LazyIndex;
    readonly entries: ReadonlyMap<string, FaqEntry>;
    readonly topics: ReadonlyMap<string, readonly string[]>;
  };
  readonly reminders: ReadonlyMap<string, ReminderKind>;
  readonly dateWords: Readonly<Record<Language, DateWords>>;
  /** Country code by each of its names in every language, normalised. */
  readonly countries: ReadonlyMap<string, string>;
  /** What each language calls itself. */
  readonly languageNames: Readonly<Record<Language, string>>;
  readonly languageWords: ReadonlyMap<string, Language>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly facts: ReadonlyMap<string, Fact>;
  readonly templates: Readonly<Record<string, Template>>;
  /** Commands that the platforms' own menus show, in order. */
  readonly commandMenu: readonly string[];
  readonly topics: readonly Topic[];
};
