import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";

/** The system libraries that Chromium needs (NSS, NSPR, Expat) come packed beside it: nothing has to be installed. */
const packedLibraries = join(
  dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))),
  "../bin/al2023.tar.br",
);

/** Starts a real Chromium; it runs as root and without a display. */
export async function openBrowser(): Promise<Browser> {
  const libraries = join(await inflate(packedLibraries), "lib");
  return playwright.launch({
    args: ["--no-sandbox", "--disable-gpu"],
    executablePath: await chromium.executablePath(),
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
}

/** What went wrong on a page: errors (its content security policy's are among them), requests to somewhere else. */
export type Complaints = readonly string[];

/** Opens a page of that origin that notes what goes wrong on it. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<{ readonly page: Page; readonly complaints: Complaints }> {
  const page = await browser.newPage({ locale: "en-US", timezoneId: "UTC", ...options });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error" || line.type() === "warning") complaints.push(`console: ${line.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`request: ${request.url()}`);
  });
  return { page, complaints };
}
