import { expect, it } from "@jest/globals";
import type { FailureReason } from "../../../src/lib/failure.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import type { PostgresTls } from "../../../src/store/postgres/tls.ts";
import { describeWith } from "../../support/real.ts";
import { optionsFor, testServer } from "./test-database.ts";

const IS_ENCRYPTED = { text: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()" };

describeWith(["postgresql", "openssl"], "TLS to PostgreSQL", () => {
  const { server, emptyDatabase } = testServer({ tls: true });

  const askOver = async (tls: PostgresTls, host = "127.0.0.1"): Promise<unknown> => {
    const database = openDatabase({ ...optionsFor(server(), await emptyDatabase()), host, tls });
    try {
      return (await database.ask({ what: "ask", again: "once" }, IS_ENCRYPTED))[0];
    } finally {
      await database.close();
    }
  };

  type Case = { readonly name: string; readonly tls: (caFile: string) => PostgresTls; readonly host?: string };

  it.each<Case>([
    { name: "verify-full, when authority and name are right", tls: (caFile) => ({ mode: "verify-full", caFile }) },
    {
      name: "verify-full, by the host's name",
      tls: (caFile) => ({ mode: "verify-full", caFile }),
      host: "localhost",
    },
    {
      name: "verify-full, with the name that is to be expected",
      tls: (caFile) => ({ mode: "verify-full", caFile, serverName: "db.example" }),
      host: "localhost",
    },
    { name: "verify-ca, whatever the name", tls: (caFile) => ({ mode: "verify-ca", caFile, serverName: "other" }) },
    { name: "require, whoever answers", tls: () => ({ mode: "require" }) },
  ])("is spoken with $name", async ({ tls, host }) => {
    expect(await askOver(tls(server().caFile ?? ""), host)).toEqual({ ssl: true });
  });

  it("is not spoken when it is disabled", async () => {
    expect(await askOver({ mode: "disable" })).toEqual({ ssl: false });
  });

  it.each<Case & { readonly reason: FailureReason; readonly says: string }>([
    {
      name: "a certificate of an unknown authority",
      tls: () => ({ mode: "verify-full" }),
      reason: "denied",
      says: "the server's certificate is from an unknown authority",
    },
    {
      name: "a certificate of an unknown authority, also where the name is not looked at",
      tls: () => ({ mode: "verify-ca" }),
      reason: "denied",
      says: "the server's certificate is from an unknown authority",
    },
    {
      name: "a certificate with another name",
      tls: (caFile) => ({ mode: "verify-full", caFile, serverName: "db.elsewhere" }),
      reason: "denied",
      says: "the server's certificate has another name (ERR_TLS_CERT_ALTNAME_INVALID); set store.postgres.tls.serverName",
    },
    {
      name: "a certificate with another name, of a host with a name",
      tls: (caFile) => ({ mode: "verify-full", caFile, serverName: "db.elsewhere" }),
      host: "localhost",
      reason: "denied",
      says: "the server's certificate has another name",
    },
    {
      name: "a file of authorities that is not there",
      tls: () => ({ mode: "verify-full", caFile: "/not/there.pem" }),
      reason: "refused",
      says: "cannot read store.postgres.tls.caFile /not/there.pem: ENOENT",
    },
  ])("refuses $name", async ({ tls, host, reason, says }) => {
    await expect(askOver(tls(server().caFile ?? ""), host)).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(says),
    });
  });
});
