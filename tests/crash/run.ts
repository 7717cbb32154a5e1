import { type Random, seeded } from "../stand-ins/wire/seeded.ts";
import { deaths, deathsAt, type Plan } from "./deaths.ts";
import type { FailPoint } from "./fail-points.ts";
import { type Life, live } from "./life.ts";
import { type Load, startLoad } from "./load.ts";
import { type Person, peopleOf } from "./person.ts";
import { makePlace, type Place } from "./place.ts";
import type { Line, Platform } from "./platform.ts";
import { type CrashReport, playedOf, reportOf } from "./report.ts";
import { Sends } from "./sends.ts";
import { wrongInStore } from "./stored.ts";
import { troubles } from "./troubles.ts";

export type CrashOptions = {
  /** A tree with fail points (`numbersTree`). */
  readonly root: string;
  readonly platform: Platform;
  readonly kills: number;
  /** How many messages there are to be before it ends, at least; default as many as there are by the last kill. */
  readonly messages?: number;
  /** How many people write; default `peopleWriting`. */
  readonly people?: number;
  readonly seed: number;
  /** Requests to the platform under way at once. */
  readonly sendsInFlight: number;
  /** Where all kills fall; default everywhere. */
  readonly aims?: readonly FailPoint[];
  /** Ends when the first promise is seen broken: for planted bugs. */
  readonly untilBroken?: boolean;
  /** The folder that the store's own is made in. */
  readonly parent?: string;
  /** Told after each kill. */
  readonly onKill?: (kills: number) => void;
};

export const peopleWriting = 30;

/** Kills a server under load again and again, then compares what it acknowledged with what it kept and sent. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const place = await makePlace(options.parent);
  const line = await options.platform.open(place.url);
  const run = new Run(options, place, line);
  try {
    return await run.toTheEnd();
  } finally {
    await run.close();
    await line.close();
    place.remove();
  }
}

/** How long nothing may have been sent before what is missing counts as lost, ms: longer than any pause before another try. */
const quietFor = 15_000;
/** How often somebody does not wait for an answer at all. */
const impatient = 0.15;
/**
 * After how many texts that did not come anybody waits, and how long, ms. Without it what is unanswered grows with each kill,
 * until all that is ever sent is what lives before left over.
 */
const mostUnanswered = 2;
const longestPatience = 2_000;
/** How many acknowledgements a life may have when the point it was to die at does not come. */
const longestWait = 600;

/** How long nothing may be acknowledged, ms: a start takes seconds where others use the machine too. */
const longestSilence = 120_000;

/** How often it is counted whether there are messages enough, ms. */
const betweenCounts = 100;

class Run {
  readonly #options: CrashOptions;
  readonly #place: Place;
  readonly #line: Line;
  readonly #random: Random;
  readonly #people: readonly Person[];
  readonly #sends: Sends;
  readonly #trouble: (person: Person) => void;
  readonly #load: Load;
  readonly #struck = new Map<string, number>();
  /** The life that runs, and whether it has become ready; and what is to be done at each acknowledgement. */
  #life: Life | undefined;
  #up = Promise.withResolvers<void>();
  #acknowledged: () => void = () => undefined;
  #kills = 0;
  #steps = 0;
  #startTook = 500;
  #answeredAt = 0;
  #failed: string | undefined;

  constructor(options: CrashOptions, place: Place, line: Line) {
    const { root, platform, seed } = options;
    this.#options = options;
    this.#place = place;
    this.#line = line;
    this.#random = seeded(seed);
    const personOf = peopleOf(root, platform, line);
    this.#people = Array.from({ length: options.people ?? peopleWriting }, (_, index) =>
      personOf(platform.addressOf(index), seeded(seed * 1_000 + index)),
    );
    this.#sends = new Sends(line, this.#people);
    this.#trouble = troubles(platform, line, this.#sends, this.#random);
    this.#load = startLoad({
      url: place.url,
      random: this.#random,
      people: this.#people,
      serverIsUp: () => this.#serverIsUp(),
      onAcknowledged: (person) => {
        this.#answeredAt = performance.now();
        this.#acknowledged();
        this.#trouble(person);
      },
      answered: (person) => this.#answered(person),
    });
  }

  async toTheEnd(): Promise<CrashReport> {
    const { kills, aims, platform } = this.#options;
    const plans =
      aims === undefined && kills > 0
        ? deaths(platform.failPoints, kills, this.#random)
        : deathsAt(aims ?? [], kills, this.#random);
    for (const plan of plans) {
      await this.#liveAndDie(plan);
      if (this.#isBroken()) return this.#report([]);
    }
    const wrong = await this.#lastLife();
    return this.#report(wrong);
  }

  async close(): Promise<void> {
    this.#load.abandon();
    this.#up.resolve();
    this.#life?.signal("SIGKILL");
    await this.#life?.died;
  }

  #isBroken(): boolean {
    if (this.#failed !== undefined) return true;
    return this.#options.untilBroken === true && this.#report([]).violations.length > 0;
  }

  async #liveAndDie(plan: Plan): Promise<void> {
    if (plan.addsStep) this.#steps += 1;
    const life = this.#begin(plan.environment);
    let ended = false;
    const kill = () => {
      ended = true;
      life.signal("SIGKILL");
    };
    if (plan.end.kind === "starting") {
      const { share } = plan.end;
      void life.begun.then(() => setTimeout(kill, share * this.#startTook));
    }
    this.#killAfterAcknowledgements(plan, kill);
    const endWatch = this.#watch(life);
    const { code, said } = await life.died;
    endWatch();
    if (await life.ready) this.#up = Promise.withResolvers();
    this.#acknowledged = () => undefined;
    this.#kills += 1;
    const at = life.struckAt();
    if (at !== undefined) this.#struck.set(at, (this.#struck.get(at) ?? 0) + 1);
    if (code !== null && !ended) this.#failed = `the server ended by itself: ${said}`;
    this.#options.onKill?.(this.#kills);
  }

  /** A life that neither dies nor acknowledges anything any more is a broken promise too. Gives what ends the watch. */
  #watch(life: Life): () => void {
    this.#answeredAt = performance.now();
    const watch = setInterval(() => {
      if (this.#answeredAt + longestSilence > performance.now()) return;
      this.#failed = "the server stopped answering";
      this.#load.abandon();
      life.signal("SIGKILL");
    }, longestSilence / 10);
    return () => clearInterval(watch);
  }

  #killAfterAcknowledgements({ end }: Plan, kill: () => void): void {
    let left = end.kind === "random" ? end.acknowledgements : longestWait;
    const ms = end.kind === "random" ? end.ms : 0;
    this.#acknowledged = () => {
      left -= 1;
      if (left === 0) setTimeout(kill, ms);
    };
  }

  #begin(aim: Readonly<Record<string, string>>): Life {
    const { root, sendsInFlight } = this.#options;
    const life = live(root, {
      ...this.#place.environment(this.#line, sendsInFlight),
      CRASH_STEPS: String(this.#steps),
      ...aim,
    });
    this.#life = life;
    const began = performance.now();
    void life.begun.then(() => this.#sends.nextLife());
    void life.ready.then((ready) => {
      if (!ready) return;
      this.#startTook = performance.now() - began;
      this.#up.resolve();
    });
    return life;
  }

  /** A life that is left alone: everything is taken in, sent and marked. Gives what is wrong after that. */
  async #lastLife(): Promise<readonly string[]> {
    const life = this.#begin({});
    if (!(await life.ready)) return [`the server did not start again: ${(await life.died).said}`];
    const endWatch = this.#watch(life);
    await this.#enoughMessages();
    await this.#load.finish();
    endWatch();
    if (this.#failed !== undefined) return [];
    await this.#allSent();
    life.signal("SIGTERM");
    await life.died;
    return [...this.#unsent(), ...wrongInStore(this.#place, this.#people, this.#steps)];
  }

  /** Resolves when so many messages as were asked for have been decided on, or the server has stopped answering. */
  async #enoughMessages(): Promise<void> {
    const { messages: wanted = 0 } = this.#options;
    const there = () => this.#people.reduce((sum, { messages }) => sum + messages(), 0);
    while (there() < wanted && this.#failed === undefined)
      await new Promise((resolve) => setTimeout(resolve, betweenCounts));
  }

  async #allSent(): Promise<void> {
    const missingOf = (person: Person): number => {
      const { count, owed } = this.#sends.of(person);
      return person.expected.length - count + owed;
    };
    const missing = () => this.#people.reduce((sum, person) => sum + missingOf(person), 0);
    for (let left = missing(); left > 0; ) {
      const before = left;
      await this.#line.waitFor(() => missing() < before, "another text", quietFor).catch(() => undefined);
      left = missing();
      if (left === before) return;
    }
  }

  async #serverIsUp(): Promise<void> {
    // The end of a server is seen by the one whose request it broke before it is known here.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await this.#up.promise;
  }

  async #answered(person: Person): Promise<unknown> {
    const unanswered = () => person.expected.length - this.#sends.of(person).count;
    const waits = unanswered() > mostUnanswered;
    if (this.#random() < impatient && !waits) return;
    const [most, ms] = waits ? [mostUnanswered, longestPatience] : [0, this.#options.platform.patienceMs];
    return this.#line.waitFor(() => unanswered() <= most, "an answer", ms).catch(() => undefined);
  }

  #report(wrongAtTheEnd: readonly string[]): CrashReport {
    const heard = this.#people.map((person) => this.#sends.of(person));
    const wrong = [
      ...(this.#failed === undefined ? [] : [this.#failed]),
      ...heard.flatMap((one) => one.wrong),
      ...wrongAtTheEnd,
    ];
    const copies = heard.flatMap((one) => one.copies);
    const played = playedOf(this.#line.troubled(), this.#load.twice());
    return reportOf(this.#options, this.#people, {
      kills: this.#kills,
      struck: this.#struck,
      played,
      copies,
      wrong,
    });
  }

  #unsent(): readonly string[] {
    return this.#people.flatMap((person) => {
      const { count } = this.#sends.of(person);
      const { address, expected } = person;
      return count === expected.length ? [] : [`${address}: ${count} of ${expected.length} texts were sent`];
    });
  }
}
