import twilioSdk from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";

/** The SDK's own client, with every Twilio host replaced by the stand-in. */
class RewritingClient extends twilioSdk.RequestClient {
  readonly #root: string;

  constructor(root: string) {
    super({ timeout: 5000 });
    this.#root = root;
  }

  override request<TData>(options: RequestClient.RequestOptions<TData>) {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.#root}${pathname}${search}` });
  }
}

/** Gives the real SDK, talking to a stand-in. */
export function clientOf(root: string, accountSid: string, authToken: string): twilioSdk.Twilio {
  return twilioSdk(accountSid, authToken, { httpClient: new RewritingClient(root) });
}
