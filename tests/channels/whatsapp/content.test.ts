import { afterEach, describe, expect, it } from "vitest";
import type { Transport } from "../../../src/channels/whatsapp/network.ts";
import {
  buttons,
  heldPauses,
  keepingRecords,
  message,
  noon,
  openWorld,
  outgoing,
  started,
  templates,
  type World,
} from "./given.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function open(about: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  const world = await openWorld(about);
  worlds.push(world);
  return world;
}

const generic = [1, 2, 3]
  .map((n) => `parwana_quick_reply_${n}`)
  .concat(Array.from({ length: 10 }, (_, n) => `parwana_list_${n + 1}`));
const nameOf = (world: World, start: string) =>
  [...world.records.kept.keys()].find((name) => name.startsWith(start) && !name.endsWith(".state")) ?? "";
const stateOf = (world: World, start: string) => world.records.kept.get(`${nameOf(world, start)}.state`);
const sidOf = (world: World, start: string) => world.records.kept.get(nameOf(world, start)) ?? "";
const errors = (world: World) => world.log.notes.filter(({ level }) => level === "error");

async function nextRound({ pauses }: World): Promise<void> {
  const count = pauses.pauses.length;
  pauses.end();
  await pauses.begun(count + 1);
}

describe("content records", () => {
  it("are created once, without words, and remembered", async () => {
    const world = await open();
    await started(world);
    for (const name of generic) expect(world.records.kept.get(name)).toMatch(/^HX[0-9a-f]{32}$/);
    const before = new Map(world.records.kept);
    await nextRound(world);
    expect(world.records.kept).toStrictEqual(before);
    expect(world.pauses.pauses).toStrictEqual([3_600_000, 3_600_000]);
    expect(errors(world)).toStrictEqual([]);
  });

  it("hold nothing but variables", async () => {
    const calls: { readonly path: string; readonly body: string }[] = [];
    const world = await open({ transport: keepingTransport(calls) });
    await started(world);
    const created = calls.filter(
      ({ path, body }) => path === "/v1/Content" && body !== "" && !body.includes("twilio/text"),
    );
    expect(created).toHaveLength(13);
    const [quick] = created.slice(1);
    expect(JSON.parse(quick?.body ?? "")).toStrictEqual({
      friendly_name: "parwana_quick_reply_2",
      language: "en",
      variables: { 1: "1", 2: "2", 3: "3", 4: "4", 5: "5" },
      types: {
        "twilio/quick-reply": {
          body: "{{1}}",
          actions: [
            { type: "QUICK_REPLY", title: "{{2}}", id: "{{3}}" },
            { type: "QUICK_REPLY", title: "{{4}}", id: "{{5}}" },
          ],
        },
      },
    });
    expect(JSON.parse(created[3]?.body ?? "")).toMatchObject({
      friendly_name: "parwana_list_1",
      types: {
        "twilio/list-picker": { body: "{{1}}", button: "{{2}}", items: [{ item: "{{3}}", id: "{{4}}" }] },
      },
    });
  });

  it("are recalled by the next run before it sends anything", async () => {
    const first = await open();
    await started(first);
    const second = await open({ records: first.records, apiRoot: first.twilio.url });
    await second.channel.start(async () => undefined);
    await second.channel.send(outgoing({ message: message({ buttons: buttons("Yes") }) }));
    expect(first.twilio.ledger.messages.at(-1)?.form["ContentSid"]).toBe(
      first.records.kept.get("parwana_quick_reply_1"),
    );
  });

  it("are taken over from an earlier installation of the same account", async () => {
    const first = await open();
    await started(first);
    const records = keepingRecords();
    const pauses = heldPauses();
    const second = await open({ records, apiRoot: first.twilio.url, wait: pauses.wait });
    await second.channel.start(async () => undefined);
    await pauses.begun(1);
    expect(records.kept).toStrictEqual(first.records.kept);
  });

  it("that could not be created are logged once and tried again, ever more slowly", async () => {
    const world = await open();
    world.twilio.faults.push({
      method: "content.create",
      times: 34,
      do: { kind: "refuse", code: 20001 },
    });
    await started(world);
    await nextRound(world);
    expect(errors(world)).toHaveLength(16);
    expect(errors(world)[0]).toMatchObject({
      event: "whatsapp.record-not-created",
      fields: { name: "parwana_quick_reply_1", reason: "twilio-20001" },
    });
    world.twilio.faults.clear();
    await nextRound(world);
    expect(world.records.kept.get("parwana_list_10")).toBeDefined();
    expect(world.pauses.pauses).toStrictEqual([30_000, 60_000, 3_600_000]);
  });

  it("do not keep the channel from being ready, nor from stopping", async () => {
    const world = await open();
    world.twilio.faults.push({ method: "content.list", times: 1, do: { kind: "delay", ms: 300 } });
    await world.channel.start(async () => undefined);
    expect((await world.channel.send(outgoing())).kind).toBe("sent");
    await world.channel.stop();
    await world.channel.stop();
    expect(world.records.kept.size).toBe(0);
  });
});

describe("templates", () => {
  it("are submitted once, under a name that says their words", async () => {
    const world = await open();
    await started(world);
    await nextRound(world);
    expect(nameOf(world, "parwana_broadcast_prs_af")).toMatch(/^parwana_broadcast_prs_af_[0-9a-f]{10}$/);
    expect(stateOf(world, "parwana_broadcast_en")).toBe("received");
    expect(world.log.notes.filter(({ event }) => event === "whatsapp.template")).toHaveLength(3);
  });

  it("are submitted as utility: marketing does not reach US numbers", async () => {
    const calls: { readonly path: string; readonly body: string }[] = [];
    const answer = keepingTransport(calls);
    const transport: Transport = async (url, init) => {
      const answered = await answer(url, init);
      return url.endsWith("/ApprovalRequests") ? { ...answered, body: "{}" } : answered;
    };
    await started(await open({ transport }));
    const submitted = calls.filter(({ path }) => path.endsWith("/ApprovalRequests/whatsapp"));
    expect(submitted).toHaveLength(3);
    for (const { body } of submitted) expect(JSON.parse(body)).toMatchObject({ category: "UTILITY" });
  });

  it("are known of by a channel that only recalls what an earlier run found, and asks nobody", async () => {
    const calls: { readonly path: string; readonly body: string }[] = [];
    const reachable = ({ channel }: World) =>
      ["en", "fa-AF", "nowhere"].map((language) => channel.reach(language, undefined, noon));
    const world = await open();
    const recalled = async () => {
      const another = await open({ records: world.records, transport: keepingTransport(calls) });
      await another.channel.recall?.();
      return reachable(another);
    };
    expect(await recalled()).toEqual(["template-unknown", "template-unknown", "window-closed"]);
    await started(world);
    world.twilio.approve(sidOf(world, "parwana_broadcast_en"));
    await nextRound(world);
    expect(await recalled()).toEqual(["by-template", "window-closed", "window-closed"]);
    expect(calls).toEqual([]);
  });

  it("speak as soon as an hourly look finds them approved, and still do in the next run", async () => {
    const world = await open();
    await started(world);
    world.twilio.approve(sidOf(world, "parwana_broadcast_en"));
    expect(world.channel.reach("en", undefined, noon)).toBe("window-closed");
    await nextRound(world);
    expect(world.channel.reach("en", undefined, noon)).toBe("by-template");
    expect(world.channel.reach("fa-AF", undefined, noon)).toBe("window-closed");
    expect(world.channel.reach("nowhere", undefined, noon)).toBe("window-closed");
    const next = await open({ records: world.records, apiRoot: "http://127.0.0.1:1" });
    await next.channel.start(async () => undefined);
    expect(next.channel.reach("en", undefined, noon)).toBe("by-template");
  });

  it("that are rejected are logged, and not submitted again until their words change", async () => {
    const world = await open();
    await started(world);
    world.twilio.reject(sidOf(world, "parwana_nudge_en"));
    await nextRound(world);
    await nextRound(world);
    expect(errors(world)).toStrictEqual([
      {
        level: "error",
        event: "whatsapp.template-turned-down",
        fields: { name: nameOf(world, "parwana_nudge_en"), state: "rejected" },
      },
    ]);
    expect(world.channel.reach("en", undefined, noon)).toBe("window-closed");
    const reworded = templates.map((one) => ({
      ...one,
      languages: { en: { code: "en", text: "Other words, these are." } },
    }));
    const records = keepingRecords();
    const pauses = heldPauses();
    const other = await open({ records, apiRoot: world.twilio.url, wait: pauses.wait, templates: reworded });
    await other.channel.start(async () => undefined);
    await pauses.begun(1);
    expect(stateOf({ ...other, records }, "parwana_nudge_en")).toBe("received");
  });

  it("that are gone at Twilio are made and submitted anew", async () => {
    const world = await open();
    await started(world);
    const name = nameOf(world, "parwana_nudge_en");
    world.twilio.faults.push({
      method: "approval.fetch",
      chat: world.records.kept.get(name) ?? "",
      times: 1,
      do: { kind: "refuse", code: 20404, status: 404 },
    });
    await nextRound(world);
    await nextRound(world);
    expect(world.records.kept.get(name)).toBeDefined();
    expect(world.pauses.pauses).toStrictEqual([3_600_000, 30_000, 3_600_000]);
  });
});

/** Answers as Twilio does where everything is fine, and keeps what was asked. */
function keepingTransport(calls: { readonly path: string; readonly body: string }[]): Transport {
  return async (url, { body = "" }) => {
    calls.push({ path: new URL(url).pathname, body });
    const sid = `HX${String(calls.length).padStart(32, "0")}`;
    return {
      status: 201,
      headers: {},
      body: JSON.stringify({ sid, contents: [], whatsapp: { status: "received" } }),
    };
  };
}
