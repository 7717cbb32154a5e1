import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { configFrom } from "../../src/wiring/installation.ts";
import { startServer } from "../../src/wiring/server.ts";
import { silent } from "../logs.ts";
import { type Complaints, openBrowser, openPage } from "./browser.ts";

const phones = ["telegram", "whatsapp"] as const;
const dari = "دری";

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;
let page: Page;
let complaints: Complaints;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parwana-browser-"));
  const config = configFrom({
    PORT: "0",
    DATA_DIR: join(folder, "data"),
    PARWANA_KEY_FILE: join(folder, "parwana.key"),
  });
  [server, browser] = await Promise.all([startServer(config, silent), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  ({ page, complaints } = await openPage(browser, server.url, { viewport: { width: 1280, height: 800 } }));
  await page.goto(server.url);
  await connected();
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const phone = (name: (typeof phones)[number]): Locator => page.locator(`#${name}`);
const botMessages = (name: (typeof phones)[number]): Locator => phone(name).locator(".message.bot");
const messages = (name: (typeof phones)[number]): Locator => phone(name).locator(".message");

/** A property of the page's root element. */
const root = (property: string): Promise<unknown> => page.evaluate(`document.documentElement.${property}`);

async function connected(): Promise<void> {
  for (const name of phones) await phone(name).locator('[data-connection="connected"]').waitFor();
}

/** The language buttons: both phones are told, and the language is chosen where the bot then asks. */
async function speakDari(): Promise<void> {
  await page.locator("#speak").getByRole("button", { name: dari }).click();
  for (const name of phones) {
    await botMessages(name).locator('p[dir="rtl"]').first().waitFor();
    await settled(name);
  }
}

/** Until the newest message offers something to tap, and is in view. */
async function settled(name: (typeof phones)[number]): Promise<void> {
  const newest = messages(name).last().and(phone(name).locator(".bot"));
  await newest.locator(".choice, .open-list").first().waitFor();
  const log = phone(name).locator(".log");
  const below = () =>
    log.evaluate((node) => Math.floor(node.scrollHeight - node.clientHeight - node.scrollTop));
  await expect.poll(below).toBeLessThanOrEqual(1);
}

describe("both phones", () => {
  test("show the same conversation, right to left where it is", async () => {
    await speakDari();
    for (const name of phones) {
      const paragraph = botMessages(name).locator('p[dir="rtl"]').last();
      const style = (property: string) =>
        paragraph.evaluate(
          (node, name) => node.ownerDocument.defaultView?.getComputedStyle(node)[name],
          property,
        );
      expect([await style("direction"), await style("textAlign")]).toEqual(["rtl", "start"]);
      expect(await style("fontFamily")).toMatch(/^"?Vazirmatn/);
    }
    expect(await page.evaluate('document.fonts.check("16px Vazirmatn", "پ")')).toBe(true);
  });

  test.each(phones)("%s: what is typed goes out with Enter, and is shown as taken", async (name) => {
    await phone(name).getByRole("textbox").fill("menu");
    await page.keyboard.press("Enter");
    await phone(name).locator(".message.person .state.read").waitFor();
    await settled(name);
    expect(await messages(name).first().locator("p").textContent()).toBe("menu");
    expect(await phone(name).getByRole("textbox").inputValue()).toBe("");
  });

  test.each(phones)("%s: what is typed is shown literally, never as markup", async (name) => {
    const text = "<b>x</b> <img src=x onerror=alert(1)> &amp;";
    await phone(name).getByRole("textbox").fill(text);
    await phone(name).getByRole("button", { name: "Send", exact: true }).click();
    expect(await messages(name).first().locator("p").textContent()).toBe(text);
    expect(await phone(name).locator(".log img, .log b").count()).toBe(0);
  });

  test.each(phones)("%s: what can't be sent stands in the box again, until it can", async (name) => {
    const box = phone(name).getByRole("textbox");
    await page.context().setOffline(true);
    await box.fill("menu");
    await page.keyboard.press("Enter");
    await phone(name).getByText("not delivered, please try again").waitFor();
    expect(await box.inputValue()).toBe("menu");
    await page.context().setOffline(false);
    await page.keyboard.press("Enter");
    await settled(name);
    expect(await phone(name).getByRole("alert").textContent()).toBe("");
    expect(complaints).toEqual(["console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED"]);
    complaints = [];
  });

  test.each(phones)("%s: a picture is answered", async (name) => {
    await phone(name).getByRole("button", { name: "Send a picture" }).click();
    await phone(name).getByRole("img", { name: "Picture" }).waitFor();
    await botMessages(name).first().waitFor();
  });

  test.each(phones)("%s: starting over empties it, for good", async (name) => {
    await phone(name).getByRole("textbox").fill("menu");
    await page.keyboard.press("Enter");
    await settled(name);
    await phone(name).getByRole("button", { name: "Start over" }).click();
    await phone(name).locator(".empty").waitFor();
    await page.reload();
    await connected();
    expect(await messages(name).count()).toBe(0);
  });

  test.each(phones)("%s: what it shows is still there after the page is loaded again", async (name) => {
    await phone(name).getByRole("textbox").fill("menu");
    await page.keyboard.press("Enter");
    await settled(name);
    await page.reload();
    await settled(name);
    expect(await messages(name).first().locator("p").textContent()).toBe("menu");
  });

  test.each(phones)("%s: can be blocked and unblocked", async (name) => {
    await phone(name).getByRole("button", { name: "Block", exact: true }).click();
    await phone(name).getByText("You have blocked Parwana.").waitFor();
    expect(await phone(name).getByRole("textbox").count()).toBe(0);
    await phone(name).getByRole("button", { name: "Unblock" }).click();
    await phone(name).getByRole("textbox").waitFor();
  });
});

describe("what can be tapped", () => {
  test("Telegram: buttons work by mouse and by keyboard, and leave once they are answered", async () => {
    await phone("telegram").getByRole("button", { name: "Start", exact: true }).click();
    const keyboard = messages("telegram").last().locator(".choice");
    await keyboard.getByText("English").click();
    await botMessages("telegram").nth(1).waitFor();
    await settled("telegram");
    const before = await botMessages("telegram").count();
    await keyboard.first().focus();
    await page.keyboard.press("Enter");
    await botMessages("telegram").nth(before).waitFor();
    await settled("telegram");
    await expect.poll(() => phone("telegram").locator(".message:has(.choice)").count()).toBe(1);
  });

  test("Telegram: what was said beside a question leaves its buttons, and keeps its own", async () => {
    await phone("telegram").getByRole("button", { name: "Start", exact: true }).click();
    await messages("telegram").last().locator(".choice").getByText("English").click();
    await botMessages("telegram").nth(1).waitFor();
    await settled("telegram");
    const withButtons = () => phone("telegram").locator(".message:has(.choice)").count();
    await expect.poll(withButtons).toBe(1);
    await phone("telegram").getByRole("textbox").fill("What is humanitarian parole?");
    await page.keyboard.press("Enter");
    await messages("telegram").last().locator(".choice").getByText("Where from?").waitFor();
    expect(await withButtons()).toBe(2);
    await messages("telegram").last().locator(".choice").getByText("Where from?").click();
    await botMessages("telegram").filter({ hasText: "uscis.gov" }).last().waitFor();
    await expect.poll(withButtons).toBe(3);
  });

  test("WhatsApp: a list opens as a sheet, closes with Escape, and a row is chosen by keyboard", async () => {
    const whatsapp = phone("whatsapp");
    await whatsapp.getByRole("textbox").fill("menu");
    await page.keyboard.press("Enter");
    const opener = whatsapp.locator(".open-list").last();
    await opener.click();
    const sheet = whatsapp.getByRole("dialog");
    await sheet.getByRole("listitem").first().waitFor();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    expect(await opener.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);

    await page.keyboard.press("Enter");
    const row = sheet.getByRole("listitem").first().getByRole("button");
    const title = await row.textContent();
    await row.focus();
    await page.keyboard.press("Enter");
    await sheet.waitFor({ state: "hidden" });
    await whatsapp
      .locator(".message.person")
      .getByText(title ?? "", { exact: true })
      .waitFor();
    await messages("whatsapp").last().and(whatsapp.locator(".bot")).waitFor();
  });
});

describe("what was really sent", () => {
  test("is the payload of each platform, word for word", async () => {
    await speakDari();
    for (const name of phones) {
      const toggle = phone(name).getByRole("button", { name: "What was really sent" });
      await toggle.click();
      expect(await toggle.getAttribute("aria-expanded")).toBe("true");
    }
    const [telegram, whatsapp] = await Promise.all(
      phones.map((name) => phone(name).locator(".sent pre").allInnerTexts()),
    );
    const sent = telegram?.map((text) => JSON.parse(text)).find((body) => body.reply_markup !== undefined);
    expect(sent).toMatchObject({ parse_mode: "HTML", link_preview_options: { is_disabled: true } });
    expect(whatsapp?.join("\n")).toMatch(/^To: whatsapp:\+1555\d{11}$/m);
    expect(whatsapp?.join("\n")).toMatch(/^ContentSid: HX[0-9a-f]{32}$/m);
    expect(await phone("telegram").locator(".call").first().textContent()).toMatch(
      /^POST https:.*\/sendMessage$/,
    );
    await phone("telegram").getByRole("button", { name: "What was really sent" }).click();
    await phone("telegram").locator(".sent").waitFor({ state: "hidden" });
  });
});

describe("the page itself", () => {
  test("turns with its language, and says its own words in it", async () => {
    await page.selectOption("#page-language", { label: dari });
    expect(await root("dir")).toBe("rtl");
    expect(await root("lang")).toBe("fa-AF");
    await phone("telegram").getByRole("textbox", { name: "پیام" }).waitFor();
    await page.reload();
    await connected();
    expect(await root("dir")).toBe("rtl");
    await page.selectOption("#page-language", { label: "Español" });
    expect(await root("dir")).toBe("ltr");
  });

  test("shows one phone at a time on a small screen, by tabs that the arrow keys move between", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    const seen = () => Promise.all(phones.map((name) => phone(name).isVisible()));
    expect(await seen()).toEqual([true, false]);
    await page.getByRole("tab", { name: "WhatsApp" }).click();
    expect(await seen()).toEqual([false, true]);
    await page.keyboard.press("ArrowLeft");
    expect(await seen()).toEqual([true, false]);
    await phone("telegram").getByRole("button", { name: "Start", exact: true }).click();
    await settled("telegram");
    const width = await root("scrollWidth");
    expect(width).toBeLessThanOrEqual(360);
    const box = await phone("telegram").getByRole("textbox").boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
  });

  test("has nothing to tap that is too small for a thumb", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.selectOption("#page-language", { label: "Español" });
    await phone("telegram").getByRole("button", { name: "Empezar", exact: true }).click();
    await settled("telegram");
    const boxes = await page.locator("button:visible, select, textarea:visible").evaluateAll((nodes) =>
      nodes.map((node) => {
        const { width, height } = node.getBoundingClientRect();
        return {
          label: node.textContent || node.id,
          width,
          height,
          spills: node.scrollWidth > node.clientWidth,
        };
      }),
    );
    expect(boxes.length).toBeGreaterThan(12);
    expect(boxes.filter(({ width, height, spills }) => width < 44 || height < 44 || spills)).toEqual([]);
  });

  test("is dark where the person's device is", async () => {
    const background = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await background()).not.toBe(light);
  });
});

/** Taps what has this label in the newest message, whichever form it has there. */
async function choose(name: (typeof phones)[number], label: string): Promise<void> {
  await settled(name);
  const newest = messages(name).last();
  const list = newest.locator(".open-list");
  const isList = (await list.count()) > 0;
  if (isList) await list.click();
  const offered = isList ? phone(name).locator(".list-row") : newest.locator(".choice");
  const before = await botMessages(name).count();
  await offered.filter({ hasText: label }).first().click();
  await botMessages(name).nth(before).waitFor();
  await settled(name);
}

test.runIf(process.env["UPDATE_PICTURES"] === "1")("the picture for the README", async () => {
  const asked = {
    telegram: { language: dari, question: "فیس درخواست چند است؟" },
    whatsapp: { language: "English", question: "what is the filing fee?" },
  } as const;
  for (const name of phones) {
    await phone(name).getByRole("textbox").fill("salam 👋");
    await page.keyboard.press("Enter");
    await choose(name, asked[name].language);
    const before = await botMessages(name).count();
    await phone(name).getByRole("textbox").fill(asked[name].question);
    await page.keyboard.press("Enter");
    await botMessages(name).nth(before).waitFor();
    await settled(name);
  }
  await page.evaluate("document.activeElement.blur()");
  await page.mouse.move(0, 0);
  const path = fileURLToPath(new URL("../../docs/images/playground.png", import.meta.url));
  mkdirSync(join(path, ".."), { recursive: true });
  await page.screenshot({ path, animations: "disabled" });
});
