import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { projectRoot } from "../project-root.ts";
import { endAll, launch, launchServer } from "./process.ts";
import { makePlace } from "./world.ts";

type Locked = {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
};

const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(projectRoot, "package-lock.json"), "utf8"),
);
/** What `npm ci --omit=dev` installs. */
const installed = Object.entries(packages).filter(
  ([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true,
);

const permissive = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0"];

afterEach(endAll);

describe("the packages that a host installs", () => {
  it("need no install script, and are licensed permissively", () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    expect(installed.filter(([, { license = "" }]) => !permissive.includes(license))).toEqual([]);
  });

  it("are all that a server needs", async () => {
    const place = await makePlace();
    try {
      const root = join(place.dir, "program");
      for (const name of ["src", "flows", "locales", "package.json"])
        cpSync(join(projectRoot, name), join(root, name), { recursive: true });
      // Copies, not links: what is linked finds the packages of developers beside it.
      for (const [path, { optional }] of installed) {
        if (optional === true && !existsSync(join(projectRoot, path))) continue;
        cpSync(join(projectRoot, path), join(root, path), { recursive: true });
      }
      const { PLAYGROUND: _, ...environment } = place.environment;
      const server = await launchServer({ environment, root });
      expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
      expect(await (await fetch(place.url)).text()).toContain("<html");
      expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
      const command = launch({
        environment,
        root,
        program: [process.execPath, "src/cli/parwana.ts", "facts"],
      });
      expect(await command.ended).toEqual({ code: 0, signal: null });
      expect(server.stderr()).not.toMatch(/error|warn/i);
    } finally {
      await endAll();
      place.remove();
    }
  });
});
