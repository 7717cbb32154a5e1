import type { PersonState, SeenMessage } from "./people.ts";
import type { Form } from "./signed-post.ts";

/** What a person sends. */
export type Sent =
  | { readonly kind: "text"; readonly body: string }
  | { readonly kind: "button"; readonly on: SeenMessage; readonly title: string; readonly id: string }
  | {
      readonly kind: "row";
      readonly on: SeenMessage;
      readonly title: string;
      readonly id: string;
      readonly description: string | undefined;
    }
  | { readonly kind: "media"; readonly url: string; readonly contentType: string; readonly body: string }
  | {
      readonly kind: "location";
      readonly latitude: number;
      readonly longitude: number;
      readonly label: string | undefined;
    };

/** Gives the parameters with which Twilio posts what a person has sent, as seen in captures of 2026. */
export function inboundForm(
  sent: Sent,
  person: PersonState,
  sid: string,
  account: { readonly accountSid: string; readonly from: string },
): Form {
  const from = person.phone ?? person.userId ?? "";
  return {
    SmsMessageSid: sid,
    SmsSid: sid,
    MessageSid: sid,
    AccountSid: account.accountSid,
    ApiVersion: "2010-04-01",
    SmsStatus: "received",
    ProfileName: person.name,
    From: from,
    To: account.from,
    ...(person.phone === undefined ? {} : { WaId: person.phone.replace("whatsapp:+", "") }),
    ...(person.userId === undefined ? {} : { ExternalUserId: person.userId }),
    NumSegments: "1",
    ReferralNumMedia: "0",
    ...contentOf(sent, account.from),
    ChannelMetadata: JSON.stringify({
      type: "whatsapp",
      data: {
        context: { ProfileName: person.name, ...(person.phone === undefined ? {} : { WaId: person.phone }) },
      },
    }),
  };
}

function contentOf(sent: Sent, bot: string): Form {
  switch (sent.kind) {
    case "text":
      return { MessageType: "text", NumMedia: "0", Body: sent.body };
    case "button":
      return {
        MessageType: sent.on.template ? "button" : "interactive",
        NumMedia: "0",
        Body: sent.title,
        ButtonText: sent.title,
        ButtonPayload: sent.id,
        ...repliedTo(sent.on, bot),
      };
    case "row":
      return {
        MessageType: "interactive",
        NumMedia: "0",
        Body: sent.title,
        ListId: sent.id,
        ListTitle: sent.title,
        ...(sent.description === undefined ? {} : { ListDescription: sent.description }),
        ...repliedTo(sent.on, bot),
      };
    case "media":
      return {
        MessageType: mediaType(sent.contentType),
        NumMedia: "1",
        Body: sent.body,
        MediaUrl0: sent.url,
        MediaContentType0: sent.contentType,
      };
    case "location":
      return {
        MessageType: "location",
        NumMedia: "0",
        Body: "",
        Latitude: String(sent.latitude),
        Longitude: String(sent.longitude),
        ...(sent.label === undefined ? {} : { Label: sent.label }),
      };
  }
}

function repliedTo(on: SeenMessage, bot: string): Form {
  return { OriginalRepliedMessageSid: on.sid, OriginalRepliedMessageSender: bot };
}

function mediaType(contentType: string): string {
  const [family = ""] = contentType.split("/", 1);
  return ["image", "audio", "video"].includes(family) ? family : "document";
}
