import { copyFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "@jest/globals";
import { openWebAccess } from "../../src/app/web-access.ts";
import { HASH, makeCertificate, writeWebConfig } from "../config/web-files.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { recordingLogger } from "./recording-logger.ts";

const TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

/** A followed web configuration in a directory of its own, with a clock that a test moves. */
async function begin(text: string) {
  const directory = await temporaryDirectory();
  const path = (name: string): string => join(directory.path, name);
  const ca = await makeCertificate(directory.path, { name: "ca" });
  for (const name of ["server", "second"]) await makeCertificate(directory.path, { name, by: ca });
  const file = await writeWebConfig(directory.path, text);
  const { logger, entries } = recordingLogger();
  let now = Date.now();
  const access = await openWebAccess(file, { now: () => now }, logger);
  const complaints = (): readonly string[] =>
    entries.flatMap(([level, , facts]) => (level === "error" ? [basename(String(facts["finding"]))] : []));
  return {
    access,
    file,
    path,
    complaints,
    pass: (milliseconds: number) => void (now += milliseconds),
    [Symbol.asyncDispose]: directory[Symbol.asyncDispose],
  };
}

describeWith(["openssl"], "a followed web configuration", () => {
  it("is loaded anew when its file changed, and not when nothing did", async () => {
    await using world = await begin(`basic_auth_users:\n  a: ${HASH}\n`);
    const { access, file } = world;
    const first = access.current();
    await access.freshen();
    expect(access.current()).toBe(first);

    await writeFile(file, `basic_auth_users:\n  bob: ${HASH}\n`);
    await access.freshen();

    expect([...access.current().users.keys()]).toEqual(["bob"]);
  });

  it("is loaded anew when a certificate changed, though its file did not", async () => {
    await using world = await begin(TLS);
    const { access, path } = world;
    const before = access.current().tls?.certificate;

    await copyFile(path("second.key"), path("server.key"));
    await copyFile(path("second.crt"), path("server.crt"));
    await access.freshen();

    expect(access.current().tls?.certificate).not.toBe(before);
    expect(access.status().successful).toBe(true);
  });

  it("keeps the last good one while a file is bad, says so once, and takes it when it is good again", async () => {
    await using world = await begin(`basic_auth_users:\n  a: ${HASH}\n`);
    const { access, file, complaints } = world;

    await writeFile(file, "basic_auth_users: [\n");
    await access.freshen();
    await access.freshen();

    expect([...access.current().users.keys()]).toEqual(["a"]);
    expect(access.status().successful).toBe(false);
    expect(complaints()).toHaveLength(1);
    expect(complaints()[0]).toMatch(/^web\.yaml:\d+:\d+: /u);

    await writeFile(file, `basic_auth_users:\n  bob: ${HASH}\n`);
    await access.freshen();
    expect([...access.current().users.keys()]).toEqual(["bob"]);
    expect(access.status().successful).toBe(true);
  });

  it("keeps a certificate that is half renewed, and finds the other half though no known file changed", async () => {
    await using world = await begin(TLS);
    const { access, path, file, pass } = world;
    await writeFile(file, TLS.replaceAll("server.", "third."));
    await access.freshen();
    expect(access.status().successful).toBe(false);

    await copyFile(path("second.crt"), path("third.crt"));
    await copyFile(path("second.key"), path("third.key"));
    await access.freshen();
    expect(access.status().successful).toBe(false);
    pass(5000);
    await access.freshen();

    expect(access.status().successful).toBe(true);
  });

  it("lets nobody in more easily because its file is gone", async () => {
    await using world = await begin(`basic_auth_users:\n  a: ${HASH}\n`);
    await rm(world.file);

    await world.access.freshen();

    expect([...world.access.current().users.keys()]).toEqual(["a"]);
    expect(world.complaints()).toEqual(["web.yaml:1:1: cannot be read (ENOENT) (unreadable)"]);
  });

  it.each([
    { name: "TLS is taken out", text: "{}" },
    { name: "clients are to be asked for certificates", text: `${TLS}  client_auth_type: RequireAnyClientCert\n` },
  ])("refuses what it cannot do while it runs, rather than to ignore it: $name", async ({ text }) => {
    await using world = await begin(TLS);
    await writeFile(world.file, text);

    expect((await world.access.reload()).ok).toBe(false);

    expect(world.access.current().tls?.clientAuth).toBe("none");
    expect(world.complaints()).toEqual([
      "web.yaml:1:1: TLS itself, and whether clients are asked for certificates, change only at the next start; restart (needs-restart)",
    ]);
  });

  it("does not begin with a bad one", async () => {
    await using directory = await temporaryDirectory();
    const file = await writeWebConfig(directory.path, "basic_auth_user: {}\n");
    const { logger } = recordingLogger();

    await expect(openWebAccess(file, { now: () => 0 }, logger)).rejects.toThrow(
      `cannot protect the server: ${file}:1:1: unknown key "basic_auth_user"; did you mean "basic_auth_users"? (unknown-key)`,
    );
  });
});
