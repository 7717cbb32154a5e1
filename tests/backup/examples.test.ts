import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { parwana } from "../../src/cli/program.ts";
import { readConfig } from "../../src/config.ts";
import { projectRoot } from "../project-root.ts";

const example = (name: string) => readFileSync(join(projectRoot, "docs/examples", name), "utf8");

it("the example for containers gives each server the same settings, and a folder and a port of its own", () => {
  const { services, volumes } = parse(example("compose-postgres.yaml"), { merge: true });
  const [one, two] = [services["parwana-1"], services["parwana-2"]];
  expect(one.environment).toEqual(two.environment);
  const filled = Object.entries<string>(one.environment).map(([name, value]) => [
    name,
    value.replaceAll(/\$\{[^}]*\}/g, "secret"),
  ]);
  expect(readConfig(Object.fromEntries(filled))).toMatchObject({
    dataDir: "/data",
    databaseUrl: "postgres://parwana:secret@db:5432/parwana",
    masterKey: "secret",
  });
  for (const of of [(service: typeof one) => service.volumes, (service: typeof one) => service.ports])
    expect(of(one)).not.toEqual(of(two));
  const named = [one, two, services.db].flatMap(({ volumes: own }) =>
    own.map((volume: string) => volume.split(":")[0]),
  );
  expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted());
});

it("the example for systemd calls a command that there is", () => {
  const command = /ExecStart=.*src\/cli\/parwana\.ts (?<name>\w+)/.exec(example("parwana-backup.service"))
    ?.groups?.["name"];
  expect(parwana().commands.map((one) => one.name())).toContain(command);
});
