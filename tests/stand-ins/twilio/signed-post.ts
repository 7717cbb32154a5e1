import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { createOutgoing, type PostOutcome } from "../wire/outgoing.ts";
import { hexadecimal, type Random } from "../wire/seeded.ts";
import { isRetried, readOverrides } from "./overrides.ts";

export type Form = Readonly<Record<string, string>>;

/** One POST to the bot. */
export interface Delivery {
  readonly kind: "inbound" | "status";
  readonly sid: string;
  /** The status that a status callback tells. */
  readonly status: string | undefined;
  readonly attempt: number;
  /** HTTP status, or how the connection failed. */
  readonly came: number | "not-connected" | "broken";
  /** What the bot answered: for a message, TwiML. */
  readonly answered: string;
  /** True where no attempt follows and none was taken: the bot never hears of it again. */
  readonly lost: boolean;
}

export interface PosterOptions {
  readonly authToken: string;
  readonly random: Random;
  /** Gives where a public URL (without fragment) is reached on this machine; undefined where it is not. */
  readonly reach: (url: string) => string | undefined;
  readonly onDelivery: (delivery: Delivery) => void;
}

export interface Poster {
  /** Posts `form` to `url`, signed, again as the URL's fragment asks. Resolves when no attempt follows. */
  readonly post: (kind: Delivery["kind"], url: string, form: Form) => Promise<void>;
  readonly close: () => void;
}

/** Gives the side of Twilio that calls webhooks; the signature is the real SDK's. */
export function createPoster(options: PosterOptions): Poster {
  const outgoing = createOutgoing();
  let closed = false;

  async function attempt(url: string, form: Form, token: string, timeoutMs: number): Promise<PostOutcome> {
    const signed = url.split("#", 1).join("");
    const reached = options.reach(signed);
    if (reached === undefined || timeoutMs <= 0) return { kind: "not-connected" };
    return outgoing.post({
      url: reached,
      headers: {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": token,
        "X-Twilio-Signature": getExpectedTwilioSignature(options.authToken, signed, form),
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs,
    });
  }

  return {
    async post(kind, url, form) {
      const overrides = readOverrides(url);
      const token = hexadecimal(32, options.random);
      const start = performance.now();
      for (let count = 1; !closed; count += 1) {
        const left = overrides.totalMs - (performance.now() - start);
        const came = await attempt(url, form, token, Math.min(overrides.readMs, left));
        const again = isRetried(came, overrides) && count <= overrides.retries;
        options.onDelivery(deliveryOf(kind, form, count, came, again));
        if (!again) return;
      }
    },
    close() {
      closed = true;
      outgoing.close();
    },
  };
}

function deliveryOf(
  kind: Delivery["kind"],
  form: Form,
  attempt: number,
  came: PostOutcome,
  again: boolean,
): Delivery {
  const answered = came.kind === "answered" ? came : undefined;
  return {
    kind,
    sid: form["MessageSid"] ?? "",
    status: form["MessageStatus"],
    attempt,
    came: came.kind === "answered" ? came.status : came.kind,
    answered: answered?.body ?? "",
    lost: !again && (answered === undefined || answered.status >= 400),
  };
}
