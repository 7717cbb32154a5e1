import { afterEach, expect, it } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { startTwilio } from "../stand-ins/twilio.ts";
import { endAll, launchServer } from "./process.ts";
import { meet, say, tap, whatsappAnswer } from "./talk.ts";
import {
  account,
  ask,
  botToken,
  makePlace,
  type Place,
  publicUrl,
  telegramAt,
  webhookSecret,
} from "./world.ts";

afterEach(endAll);

/** What may be told to nobody: of people, of what organisations say, and what the host keeps secret. */
const canaries = {
  chat: "7391846205",
  name: "Qanari",
  words: "zanbaq canary",
  label: "lala canary",
  phone: "93700555123",
  userId: "AF.5558675309",
  profile: "Nargis canary",
  picture: "canary.example",
  news: "news canary",
  organisation: "Canary organisation",
  token: botToken.split(":")[1] ?? botToken,
  secret: webhookSecret,
  authToken: account.authToken,
} as const;

const twilioEnvironment = (url: string) => ({
  TWILIO_ACCOUNT_SID: account.accountSid,
  TWILIO_AUTH_TOKEN: account.authToken,
  TWILIO_WHATSAPP_FROM: account.from,
  TWILIO_API_ROOT: url,
});

/** Everything that is not what it should be, on every way in, with something of a person in it. */
async function misuse(place: Place): Promise<void> {
  const update = {
    update_id: 1,
    message: { text: canaries.words, from: { id: canaries.chat }, chat: { id: canaries.chat } },
  };
  const known = { "x-telegram-bot-api-secret-token": webhookSecret };
  const requests: readonly (readonly [string, RequestInit])[] = [
    ["/webhooks/telegram", { method: "POST", body: JSON.stringify(update) }],
    ["/webhooks/telegram", { method: "POST", headers: known, body: JSON.stringify(update) }],
    ["/webhooks/telegram", { method: "POST", headers: known, body: `{"text": "${canaries.words}` }],
    ["/webhooks/whatsapp", { method: "POST", body: `From=whatsapp%3A%2B${canaries.phone}&Body=x` }],
    [`/webhooks/whatsapp/status?o=${canaries.words}`, { method: "POST", body: "a=b" }],
    [`/${canaries.words}?${canaries.phone}`, {}],
    [`/webhooks/telegram/${canaries.token}`, { method: "PUT", body: canaries.words }],
  ];
  for (const [path, request] of requests) {
    const answer = await fetch(`${place.url}${path}`, request);
    const told = (await answer.text()) + JSON.stringify([...answer.headers]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    for (const canary of Object.values(canaries)) expect(told).not.toContain(canary);
  }
  for (const command of [{ command: "org add", id: canaries.words, name: canaries.words }] as const)
    await expect(ask(place.dataDir, command)).rejects.toThrow();
}

it("a busy and troubled server tells nothing of anybody, on its terminal, in its log or in its counts", async () => {
  const place = await makePlace();
  const shared = { publicUrl, deliverTo: place.url };
  const bot = await startBotApi({ token: botToken, ...shared });
  const twilio = await startTwilio({
    ...account,
    ...shared,
    webhookUrl: `${publicUrl}/webhooks/whatsapp#rc=3&rp=5xx,ct,rt`,
  });
  try {
    const server = await launchServer({
      environment: {
        ...place.environment,
        ...telegramAt(bot),
        ...twilioEnvironment(twilio.url),
        PUBLIC_URL: publicUrl,
        TELEGRAM_WEBHOOK_SECRET: webhookSecret,
        LOG_LEVEL: "debug",
      },
    });
    await bot.waitFor(() => bot.ledger.of("setWebhook").length > 0, "the webhook to be set");
    await ask(place.dataDir, { command: "org add", id: "aid", name: canaries.organisation });
    await ask(place.dataDir, {
      command: "topic add",
      organisation: "aid",
      topic: "news",
      titles: { en: canaries.news },
    });

    const person = bot.person(Number(canaries.chat), { languageCode: "en", name: canaries.name });
    await meet(bot, person);
    for (const choice of ["Dates, reminders", "Yes", "The end of a paper", "I-94: parole ends"])
      await tap(bot, person, choice);
    await say(bot, person, canaries.label);
    await tap(bot, person, "Kabul");
    await say(bot, person, "3 June 2027");
    await tap(bot, person, "Yes");
    for (const kind of ["429", "500", "html-body", "drop-before", "drop-after"] as const) {
      bot.faults.push({
        method: "sendMessage",
        times: 1,
        do: kind === "429" ? { kind, retryAfter: 1 } : { kind },
      });
      await say(bot, person, `${canaries.words} ${kind}`);
      await bot.waitFor(() => bot.faults.left() === 0, kind);
    }
    const description = `Bad Request: can't parse entities: "${canaries.words}"`;
    bot.faults.push({ method: "sendMessage", times: 2, do: { kind: "400", description } });
    person.say(canaries.words);
    await bot.waitFor(() => bot.faults.left() === 0, "the refusal");

    const friend = twilio.person(`whatsapp:+${canaries.phone}`, {
      userId: `whatsapp:${canaries.userId}`,
      name: canaries.profile,
    });
    await whatsappAnswer(twilio, friend, () => friend.say(canaries.words));
    await whatsappAnswer(twilio, friend, () =>
      friend.sendMedia(`https://${canaries.picture}/1.jpg`, "image/jpeg", canaries.words),
    );
    // The last is not known to have failed, and holds up what follows it.
    for (const fault of [{ kind: "429" }, { kind: "refuse", code: 63013 }, { kind: "500" }] as const) {
      twilio.faults.push({ method: "messages.create", times: 1, do: fault });
      friend.say(canaries.words);
      await twilio.waitFor(() => twilio.faults.left() === 0, fault.kind);
    }

    await misuse(place);
    await ask(place.dataDir, {
      command: "broadcast send",
      organisation: "aid",
      topic: "news",
      texts: { en: canaries.news },
      dryRun: false,
    });
    await say(bot, person, "delete");
    await tap(bot, person, "Yes");
    person.block();
    const metrics = await (await fetch(`${place.url}/metrics`)).text();
    const ready = await (await fetch(`${place.url}/readyz`)).text();
    await server.end("SIGTERM");
    const told = server.stdout() + server.stderr() + metrics + ready;
    expect(server.stderr().split("\n").length).toBeGreaterThan(3);
    for (const [what, canary] of Object.entries(canaries)) expect(told, what).not.toContain(canary);
  } finally {
    await Promise.all([bot.close(), twilio.close()]);
    place.remove();
  }
});
