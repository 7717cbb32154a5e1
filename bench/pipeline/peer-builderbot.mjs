// The ten questions as a BuilderBot, with its memory database. It answers the webhook at once and holds what it was told
// in memory. Runs in the folder where the package was installed.

import { Agent, createServer, request as httpRequest } from "node:http";
import { createRequire } from "node:module";

const { PEER_PORT, PEER_TOKEN, PEER_API_ROOT, PEER_SECRET, PEER_FLOW } = process.env;
const { notUnderstood, optionsOf, read, resultOf, textOf } = await import(PEER_FLOW);
const require = createRequire(import.meta.url);
const {
  addKeyword,
  createBot,
  createFlow,
  createProvider,
  MemoryDB,
  ProviderClass,
} = require("@builderbot/bot");

const agent = new Agent({ keepAlive: true, maxSockets: 128 });
const { hostname, port } = new URL(PEER_API_ROOT);

function send(chat, text, buttons) {
  const keyboard = buttons?.map(({ body }) => ({ text: body, callback_data: body }));
  const markup = keyboard === undefined ? {} : { reply_markup: { inline_keyboard: [keyboard] } };
  const body = JSON.stringify({ chat_id: Number(chat), text, ...markup });
  const path = `/bot${PEER_TOKEN}/sendMessage`;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ agent, hostname, port, path, method: "POST", headers }, (incoming) => {
      incoming.resume();
      incoming.on("end", resolve);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

class Telegram extends ProviderClass {
  globalVendorArgs = { name: "bench" };
  beforeHttpServerInit() {}
  afterHttpServerInit() {}
  async initVendor() {}
  busEvents() {
    return [];
  }
  async saveFile() {
    return "";
  }
  sendMessage(chat, message, args) {
    return send(chat, message, args?.options?.buttons);
  }
}

const shown = (step) => {
  const words = optionsOf[step];
  return { capture: true, ...(words === undefined ? {} : { buttons: words.map((body) => ({ body })) }) };
};
/** A question and, when its answer is understood, what follows. */
const asks = (step, before, then) => [
  before + textOf(step),
  shown(step),
  async (ctx, tools) => {
    const value = read(step, ctx.body);
    if (value === undefined) return tools.fallBack(notUnderstood + textOf(step));
    await tools.state.update({ [step]: value });
    return then?.(value, tools);
  },
];

const fromSix = addKeyword("from-six")
  .addAnswer(...asks("q6", ""))
  .addAnswer(...asks("q7", ""))
  .addAnswer(...asks("q8", ""))
  .addAnswer(...asks("q9", ""))
  .addAnswer(
    ...asks("q10", "", (_, { state, gotoFlow }) => {
      const result = resultOf(state.getMyState());
      return gotoFlow(result === textOf("grown") ? afterGrown : afterOther);
    }),
  );
const five = addKeyword("five").addAnswer(...asks("q5", "", (_, { gotoFlow }) => gotoFlow(fromSix)));
const fromOne = (keyword, before) =>
  addKeyword(keyword)
    .addAnswer(...asks("q1", before))
    .addAnswer(...asks("q2", ""))
    .addAnswer(...asks("q3", ""))
    .addAnswer(...asks("q4", "", (value, { gotoFlow }) => gotoFlow(value === "yes" ? five : fromSix)));
const start = fromOne("/start", "");
const afterGrown = fromOne("after-grown", `${textOf("grown")}\n\n`);
const afterOther = fromOne("after-other", `${textOf("other")}\n\n`);

const provider = createProvider(Telegram);
await createBot(
  { flow: createFlow([start, five, fromSix, afterGrown, afterOther]), database: new MemoryDB(), provider },
  { queue: { timeout: 50_000, concurrencyLimit: 64 } },
);

function receive(request, response) {
  if (request.headers["x-telegram-bot-api-secret-token"] !== PEER_SECRET)
    return response.writeHead(401).end();
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    text += chunk;
  });
  request.on("end", () => {
    const { message } = JSON.parse(text);
    provider.emit("message", { body: message.text, from: String(message.chat.id), name: "P" });
    response.writeHead(200, { "content-length": 0 }).end();
  });
}

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  if (request.url === "/readyz") response.end("ok");
  else receive(request, response);
});
server.listen(Number(PEER_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
