import { isPhoneAddress } from "./addresses.ts";
import type { Content } from "./content-types.ts";

export interface SeenMessage {
  readonly sid: string;
  readonly from: "bot" | "person";
  readonly body: string;
  /** Quick replies. */
  readonly buttons: readonly { readonly title: string; readonly id: string }[];
  /** The label that opens the list, where there is one. */
  readonly listButton: string | undefined;
  readonly rows: readonly {
    readonly title: string;
    readonly id: string;
    readonly description: string | undefined;
  }[];
  readonly media: readonly string[];
  readonly contentSid: string | undefined;
  /** True for an approved template: a tap on it arrives as another MessageType. */
  readonly template: boolean;
}

export interface PersonState {
  readonly phone: string | undefined;
  readonly userId: string | undefined;
  readonly name: string;
  readonly readReceipts: boolean;
  readonly seen: SeenMessage[];
  /** Milliseconds since the epoch. */
  lastInboundAt: number | undefined;
  blocked: boolean;
  optedOut: boolean;
}

export interface PersonFacts {
  readonly name?: string;
  /** The other address of the same person: `whatsapp:CC.…` beside a phone number. */
  readonly userId?: string;
  /** Default true. */
  readonly readReceipts?: boolean;
}

/** The people that have WhatsApp, by every address of theirs. */
export type People = Map<string, PersonState>;

/** Gives the person at an address, made now where there was none. */
export function personAt(people: People, address: string, facts: PersonFacts = {}): PersonState {
  const known = people.get(address);
  if (known !== undefined) return known;
  const phone = isPhoneAddress(address) ? address : undefined;
  const userId = phone === undefined ? address : facts.userId;
  const person: PersonState = {
    phone,
    userId,
    name: facts.name ?? "Somebody",
    readReceipts: facts.readReceipts ?? true,
    seen: [],
    lastInboundAt: undefined,
    blocked: false,
    optedOut: false,
  };
  for (const at of [phone, userId]) if (at !== undefined) people.set(at, person);
  return person;
}

/** Gives the buttons and rows that a content shows. */
export function choicesOf(
  content: Content | undefined,
): Pick<SeenMessage, "buttons" | "listButton" | "rows"> {
  const list = content?.kind === "list-picker" ? content : undefined;
  return {
    buttons: content?.kind === "quick-reply" ? content.actions : [],
    listButton: list?.button,
    rows: list?.items.map(({ id, item, description }) => ({ id, title: item, description })) ?? [],
  };
}
