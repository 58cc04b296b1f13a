import { describe, expect, it } from "@jest/globals";
import { kindOfName } from "../../src/backup/backup-name.ts";

describe("kindOfName", () => {
  it.each([
    { name: "vault-2026-11-22T03:00:00Z.snap", kind: "backup", what: "a job that writes dates" },
    { name: "vault-snapshot-1795316400000000000.snap", kind: "backup", what: "a job that writes nanoseconds" },
    { name: "raft/2026/11/22/vault.snap", kind: "backup", what: "folders of dates" },
    { name: "vault.snap", kind: "backup", what: "one backup that is overwritten" },
    { name: "latest/vault-1.snap", kind: "backup", what: "a folder that is called latest" },
    { name: "latest-2026-11-22.snap", kind: "backup", what: "latest with a date behind it" },
    { name: "greatest.snap", kind: "backup", what: "a word that ends in latest's letters" },
    { name: "latest.snap", kind: "pointer", what: "latest alone" },
    { name: "prod/vault-latest.snap", kind: "pointer", what: "latest as the last word" },
    { name: "vault_LATEST.snap", kind: "pointer", what: "latest in capitals" },
    { name: "vault.snap.tmp", kind: "partial", what: "an upload under way" },
    { name: "prod/.vault.snap.Ab3dEf", kind: "partial", what: "rsync under way" },
    { name: "latest", kind: "other", what: "latest without the suffix" },
    { name: "vault.snap.sha256", kind: "other", what: "a checksum" },
    { name: "bao_2026-11-22-0300.snapshot", kind: "other", what: "another suffix" },
    { name: "prod/", kind: "other", what: "a folder's marker" },
  ])("takes $what for: $kind", ({ name, kind }) => {
    expect(kindOfName(name, ".snap")).toBe(kind);
  });

  it("takes the name that the snapshot agent of OpenBao's chart writes for a backup with its suffix", () => {
    expect(kindOfName("bao_2026-11-22-0300.snapshot", ".snapshot")).toBe("backup");
  });
});
