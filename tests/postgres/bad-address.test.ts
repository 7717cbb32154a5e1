import { chownSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Problem } from "../../src/app/errors.ts";
import { checkDatabase } from "../../src/store/postgres/check.ts";
import { listening } from "../stand-ins/wire/host.ts";
import { nobody } from "./binaries.ts";
import { selfSigned } from "./certificate.ts";
import { type Databases, startDatabases } from "./place.ts";
import { password } from "./real-postgres.ts";

let databases: Databases;
let folder: string;
beforeAll(async () => {
  databases = await startDatabases();
  const [row] = await databases.postgres.run("SHOW data_directory");
  folder = String(row?.["data_directory"]);
});
afterAll(() => databases.stop());

const secret = encodeURIComponent(password);

/** What is said of this address, in one sentence without the password; undefined where it will do. */
async function said(url: string): Promise<{ trouble: string | undefined; words: string } | undefined> {
  const problem: unknown = await checkDatabase(url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (problem === undefined) return undefined;
  if (!(problem instanceof Problem)) throw problem;
  expect(problem.code).toBe("store-unavailable");
  expect(problem.message).not.toMatch(/\n|:\/\/(?!user:password@host)/);
  expect(problem.message).not.toContain(password);
  expect(problem.message).not.toContain(secret);
  return { trouble: problem.trouble, words: problem.message };
}

const saying = (trouble: string, words: RegExp) => ({ trouble, words: expect.stringMatching(words) });

async function setting(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await databases.admin(`ALTER SYSTEM ${statement}`);
  await databases.admin("SELECT pg_reload_conf()");
}

/** Puts a file where the server reads it; gives its path. */
function serverFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  if (nobody.uid !== undefined) chownSync(path, nobody.uid, nobody.gid);
  return path;
}

describe("an address of a database", () => {
  it("without a password, or with an empty one", async () => {
    const { port } = databases.postgres;
    const words = saying("wrong-password", /DATABASE_URL has none: write postgres:\/\/user:password@/);
    expect(await said(`postgres://postgres@127.0.0.1:${port}/postgres`)).toEqual(words);
    expect(await said(`postgres://postgres:@127.0.0.1:${port}/postgres`)).toEqual(words);
  });

  it("with a wrong password, as against a user who is not let in from there", async () => {
    const { tcpUrl } = databases.postgres;
    await databases.admin(
      "CREATE ROLE locked_out NOLOGIN PASSWORD 'x'; CREATE ROLE rejected LOGIN PASSWORD 'x'",
    );
    const rules = readFileSync(join(folder, "pg_hba.conf"), "utf8");
    serverFile("pg_hba.conf", `host all rejected 127.0.0.1/32 reject\n${rules}`);
    await databases.admin("SELECT pg_reload_conf()");
    const notAdmitted = saying("not-admitted", /28000.*not let this user in.*pg_hba\.conf/);
    expect(await said(tcpUrl("postgres", "postgres", "wrong"))).toEqual(
      saying("wrong-password", /28P01.*password is wrong.*DATABASE_URL/),
    );
    expect(await said(tcpUrl("postgres", "locked_out", "x"))).toEqual(notAdmitted);
    await vi.waitFor(async () =>
      expect(await said(tcpUrl("postgres", "rejected", "x"))).toEqual(notAdmitted),
    );
  });

  it("that asks for TLS where there is none", async () => {
    const warned = vi.spyOn(process, "emitWarning");
    const url = databases.postgres.tcpUrl("postgres");
    for (const mode of ["require", "verify-full", "no-verify"])
      expect(await said(`${url}?sslmode=${mode}`)).toEqual(
        saying("tls", /asks for TLS \(sslmode\) and it speaks none/),
      );
    expect(await said(`${url}?sslmode=disable`)).toBeUndefined();
    // The driver's own words about modes are nothing that a host could act on.
    expect(warned).not.toHaveBeenCalled();
  });

  it("that names a file which is not there, or what the driver does not know", async () => {
    const url = databases.postgres.tcpUrl("postgres");
    expect(await said(`${url}?sslrootcert=/no/such/file`)).toEqual(
      saying("tls", /sslrootcert.*can't be read/),
    );
    expect(await said(`${url}?sslnegotiation=sideways`)).toEqual(
      saying("address", /as it is written: correct DATABASE_URL/),
    );
  });

  it("whose certificate nobody trusts, is for another host or has expired", async () => {
    const url = databases.postgres.tcpUrl("postgres");
    const byName = url.replace("127.0.0.1", "localhost");
    const served = async ({ certificate, key }: ReturnType<typeof selfSigned>) => {
      const authority = serverFile("own.crt", certificate);
      serverFile("own.key", key);
      await setting("SET ssl_cert_file = 'own.crt'", "SET ssl_key_file = 'own.key'", "SET ssl = on");
      return authority;
    };
    const authority = await served(selfSigned("localhost"));
    await vi.waitFor(async () => expect(await said(`${url}?sslmode=no-verify`)).toBeUndefined());
    for (const mode of ["require", "verify-full"])
      expect(await said(`${byName}?sslmode=${mode}`)).toEqual(
        saying("tls", /nobody whom this machine trusts.*sslrootcert/),
      );
    expect(await said(`${byName}?sslmode=require&sslrootcert=${authority}`)).toBeUndefined();
    expect(await said(`${url}?sslrootcert=${authority}`)).toEqual(saying("tls", /for another host/));
    await served(selfSigned("localhost", new Date(Date.UTC(2001, 0, 1))));
    await vi.waitFor(async () =>
      expect(await said(`${byName}?sslrootcert=${authority}`)).toEqual(saying("tls", /has expired/)),
    );
    await setting("RESET ssl");
  });

  it("where another program has tables of the same names", async () => {
    await databases.admin("CREATE DATABASE shared");
    await databases.postgres.run(
      "CREATE TABLE contacts (id integer); CREATE VIEW meta AS SELECT 1",
      "shared",
    );
    expect(await said(databases.postgres.tcpUrl("shared"))).toEqual(
      saying("not-empty", /not parwana's.*\(contacts, meta\): make a database for parwana alone/),
    );
    await databases.admin("CREATE DATABASE stepped");
    await databases.postgres.run("CREATE TABLE schema_steps (name text)", "stepped");
    expect(await said(databases.postgres.tcpUrl("stepped"))).toEqual(saying("not-empty", /\(schema_steps\)/));
  });

  it("at which something listens that is no PostgreSQL, or never answers", async () => {
    const deaf = createServer(() => undefined);
    const closing = createServer((socket) => socket.end());
    const ports = await Promise.all([listening(deaf), listening(closing)]);
    const [unanswered, closed] = await Promise.all(
      ports.map((port) => said(`postgres://someone:x@127.0.0.1:${port}/parwana`)),
    );
    expect(unanswered).toEqual(saying("unreachable", /nothing answers there.*firewall/));
    expect(closed).toEqual(saying("lost", /see that it is a PostgreSQL that listens there, and try again/));
    deaf.close();
    closing.close();
  });
});
