import { GrammyError, type RawApi } from "grammy";
import { Problem } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import type { Inbound, Intake, Received } from "../../app/ports-channel.ts";
import { hour, type Ms, minute, second } from "../../core/nouns/time.ts";
import { allowedUpdates, pollSeconds, updatesPerPoll } from "./capabilities.ts";
import { failureFields, pauseAsked } from "./failures.ts";

/** Waits; ends early, without an error, when the signal is aborted. */
export type Wait = (ms: Ms, signal: AbortSignal) => Promise<void>;

export type PollingOptions = {
  /** For getUpdates; its calls end when `signal` is aborted. */
  readonly pollingApi: RawApi;
  /** For everything else, the last confirmation included. */
  readonly api: RawApi;
  readonly signal: AbortSignal;
  readonly read: (update: unknown) => Received;
  readonly intake: Intake;
  /** After an update is durable. */
  readonly settle: (inbound: Inbound) => void;
  readonly log: Log;
  readonly wait: Wait;
};

const firstPause: Ms = second;
const longestPause: Ms = 30 * second;
/** After trouble of our own: what was fetched waits for us, and nobody asked us to wait for long. */
const longestOwnPause: Ms = 5 * second;

/**
 * Fetches updates until the signal is aborted, and resolves when what it had begun is durable and confirmed.
 * An update is confirmed by the offset of a later call, and only after it and all before it went through `intake`.
 */
export async function pollUpdates(options: PollingOptions): Promise<void> {
  const { pollingApi, signal, log } = options;
  const pause = createPauses(options);
  await withoutWebhook(options, pause);
  let offset = 0;
  let confirmed = 0;
  while (!signal.aborted) {
    const updates = await pollingApi
      .getUpdates({ offset, limit: updatesPerPoll, timeout: pollSeconds, allowed_updates: allowedUpdates })
      .then(updatesIn)
      .catch((error: unknown) => pause.after(error));
    if (updates === undefined) continue;
    confirmed = offset;
    const taken = await takeIn(updates, options);
    offset = taken.next ?? offset;
    if (taken.whole) pause.reset();
    else await pause.after(taken.error);
  }
  if (offset > confirmed) await confirm(options.api, offset, log);
}

/** The updates of an answer. Throws where it holds none: what answers is no Bot API, and would be asked again without a pause. */
function updatesIn(answer: unknown): readonly Numbered[] {
  if (Array.isArray(answer) && answer.every(isNumbered)) return answer;
  throw new TypeError("the answer holds no updates");
}

type Numbered = { readonly update_id: number };

function isNumbered(update: unknown): update is Numbered {
  return (
    typeof update === "object" &&
    update !== null &&
    "update_id" in update &&
    Number.isSafeInteger(update.update_id)
  );
}

/** API: getUpdates does not work while a webhook is set. */
async function withoutWebhook({ api, signal }: PollingOptions, pause: Pauses): Promise<void> {
  while (!signal.aborted) {
    const done = await api.deleteWebhook({}).then(
      () => true,
      (error: unknown) => pause.after(error),
    );
    if (done === true) return pause.reset();
  }
}

async function confirm(api: RawApi, offset: number, log: Log): Promise<void> {
  await api
    .getUpdates({ offset, limit: 1, timeout: 0 })
    .catch((error: unknown) => log.warn("telegram.confirm-failed", failureFields(error)));
}

type Taken =
  | { readonly whole: true; readonly next: number | undefined }
  | { readonly whole: false; readonly next: number; readonly error: unknown };

type Arrived = { readonly updateId: number; readonly inbound: Inbound };
type Stuck = { readonly updateId: number; readonly error: unknown };

/**
 * Hands a batch in: different people side by side, one person's updates in order and none after one that failed.
 * `next` is the first update that is not durable; those after it that are die on their dedupe key when they return.
 */
async function takeIn(updates: readonly Numbered[], options: PollingOptions): Promise<Taken> {
  const arrived = updates.flatMap((update) => readOne(update, options));
  const people = Map.groupBy(arrived, ({ inbound }) => inbound.addresses[0]);
  const stuck = await Promise.all([...people.values()].map((one) => takeInOrder(one, options)));
  const [first] = stuck.filter((one) => one !== undefined).sort((a, b) => a.updateId - b.updateId);
  if (first !== undefined) return { whole: false, next: first.updateId, error: first.error };
  const last = updates.at(-1);
  return { whole: true, next: last === undefined ? undefined : last.update_id + 1 };
}

function readOne(update: Numbered, { read, log }: PollingOptions): readonly Arrived[] {
  const received = read(update);
  if (received.kind === "inbound") return [{ updateId: update.update_id, inbound: received.inbound }];
  // Keeping it back would keep back everyone's updates after it.
  if (received.kind === "refused") log.error("telegram.update-unreadable", { update: update.update_id });
  return [];
}

async function takeInOrder(
  arrived: readonly Arrived[],
  { intake, settle }: PollingOptions,
): Promise<Stuck | undefined> {
  for (const { updateId, inbound } of arrived) {
    try {
      await intake(inbound);
      settle(inbound);
    } catch (error) {
      return { updateId, error };
    }
  }
  return undefined;
}

type Pauses = { readonly after: (error: unknown) => Promise<undefined>; readonly reset: () => void };

type Trouble = { readonly event: string; readonly pause?: Ms };

const unforeseen: Trouble = { event: "telegram.poll-failed" };

const troubles: Readonly<Record<number, Trouble>> = {
  401: { event: "telegram.unauthorized", pause: minute },
  404: { event: "telegram.unauthorized", pause: minute },
  409: { event: "telegram.polled-by-another", pause: longestPause },
};

/** Whatever an answer asks for, an hour later it is asked again. */
const longestAsked: Ms = hour;

/** What an answer of the Bot API means for polling; without a pause where the usual one will do. */
function troubleOf(error: GrammyError): Trouble {
  if (error.error_code !== 429) return troubles[error.error_code] ?? unforeseen;
  const asked = pauseAsked(error);
  const pause = asked === undefined ? {} : { pause: Math.min(asked, longestAsked) };
  return { event: "telegram.poll-slowed", ...pause };
}

/**
 * Says what is wrong and waits: as long as the error asks for, else 1 s doubling up to 30 s (up to 5 s where the trouble is
 * ours). Never gives up.
 */
function createPauses({ log, wait, signal }: PollingOptions): Pauses {
  let failures = 0;
  return {
    async after(error) {
      if (signal.aborted) return undefined;
      const longest = error instanceof Problem ? longestOwnPause : longestPause;
      const backOff = Math.min(longest, firstPause * 2 ** Math.min(failures, 10));
      const { event, pause = backOff } = error instanceof GrammyError ? troubleOf(error) : unforeseen;
      failures += 1;
      log.warn(event, { pauseMs: pause, ...failureFields(error) });
      await wait(pause, signal);
      return undefined;
    },
    reset() {
      failures = 0;
    },
  };
}
