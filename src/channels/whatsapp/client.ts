import twilio from "twilio";
import { SdkHttpClient } from "./http-client.ts";
import { openNetwork, type Transport } from "./network.ts";

export type ClientOptions = {
  readonly accountSid: string;
  readonly authToken: string;
  /** Takes the place of every Twilio host (api., content. …); paths stay as they are. */
  readonly apiRoot: string | undefined;
  /** Takes the place of the network. */
  readonly transport: Transport | undefined;
  /** Calls under way at once; more wait. */
  readonly connections: number;
};

export type MessageContent =
  | { readonly body: string }
  | { readonly contentSid: string; readonly contentVariables: string };

/** The few calls that this channel makes. Their rejections are for failures.ts to read. */
export type TwilioApi = {
  /** Sends one message; gives its SID. */
  readonly send: (
    to: { readonly to: string; readonly from: string; readonly statusCallback: string },
    content: MessageContent,
  ) => Promise<string>;
  /** One page of the list of messages: its answer's JSON. `search` is the query. */
  readonly messages: (search: string) => Promise<unknown>;
  /** One call of the Content API: its answer's JSON. `path` begins behind the host. */
  readonly content: (method: "get" | "post", path: string, data?: object) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

const contentRoot = "https://content.twilio.com";
const messagesRoot = "https://api.twilio.com/2010-04-01/Accounts";

/**
 * Opens Twilio's SDK client over kept-alive connections. Nothing is tried twice here: a message has no idempotency
 * key, so that is the outbox's to decide. Nothing of a call is kept or logged.
 */
export function openClient(options: ClientOptions): TwilioApi {
  const { accountSid, authToken, apiRoot, connections } = options;
  const network =
    options.transport === undefined
      ? openNetwork(connections)
      : { transport: options.transport, close: () => Promise.resolve() };
  const httpClient = new SdkHttpClient(network.transport, apiRoot);
  const client = twilio(accountSid, authToken, { httpClient });
  const call = async (request: Parameters<typeof client.request>[0]): Promise<unknown> => {
    const answer = await client.request(request);
    if (answer.statusCode >= 300) throw new twilio.RestException(answer);
    return answer.body;
  };
  return {
    send: async (to, content) => (await client.messages.create({ ...to, ...content })).sid,
    // Not the SDK's own list: it makes an object with a dozen more of each message.
    messages: (search) =>
      call({ method: "get", uri: `${messagesRoot}/${accountSid}/Messages.json?${search}` }),
    // Not the SDK's own `contents.create`: it puts its own names on the wire (`twilioListPicker`, `friendlyName`).
    content: (method, path, data) =>
      call({
        method,
        uri: `${contentRoot}${path}`,
        ...(data === undefined ? {} : { data, headers: { "Content-Type": "application/json" } }),
      }),
    close: network.close,
  };
}
