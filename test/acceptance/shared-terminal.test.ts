import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { systemClock, terminalUser } from "../../src/app/system.ts";
import { main } from "../../src/cli/main.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { call, captureIo } from "../cli/captured-io.ts";
import { AUDIENCE, startIssuer, type Issuer } from "../identity/issuer.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/*
 * Everybody comes by `kubectl exec`, and so is the same user of the operating system: who they are is said by ID tokens alone. Removing a
 * peer takes two people who did not start it.
 */
describe("one terminal that many share", () => {
  it("tells people apart by their ID tokens, and gives each human one vote", async () => {
    await using directory = await temporaryDirectory();
    await using issuer = await startIssuer();
    await using cluster = await startSimulatedCluster({ clock: systemClock, clusterName: "prod", deadAfterMs: 1000 });
    const config = join(directory.path, "sealwatch.yaml");
    await writeFile(config, stringify(settings(directory.path, cluster.nodes, issuer)));
    await cluster.stop("vault-2");
    cluster.removeData("vault-2");
    const env = { VAULT: cluster.rootToken };
    const tokens = {
      alice: await tokenFile(directory.path, issuer, "alice", {}),
      bob: await tokenFile(directory.path, issuer, "bob", {}),
      bobAgain: await tokenFile(directory.path, issuer, "bob", { groups: ["vault-approvers"] }),
      carol: await tokenFile(directory.path, issuer, "carol", { groups: ["vault-approvers"] }),
      dave: await tokenFile(directory.path, issuer, "dave", { groups: ["others"] }),
    };
    const { io, out, err } = captureIo();
    const signal = new AbortController();
    const args = ["run", "lost-peer", "cluster=prod", "node=vault-2", "-c", config, "--id-token-file", tokens.alice];
    const ending = main(args, { io, env, signal: signal.signal });
    const shown = (): string => [...out, ...err].join("\n");
    const sees = async (what: RegExp): Promise<RegExpExecArray> =>
      await waitFor(`"${what.source}" in the terminal`, async () => what.exec(shown()) ?? undefined);
    const runId = (await sees(/(?<id>run-[a-z0-9]+):/u)).groups?.["id"] ?? "";
    const answer = async (who: keyof typeof tokens, ...words: readonly string[]): Promise<string> => {
      const said = await call([...words, "-c", config], { ...env, SEALWATCH_ID_TOKEN_FILE: tokens[who] });
      return `${said.out}${said.err}`;
    };
    const approve = async (who: keyof typeof tokens): Promise<string> =>
      await answer(who, "approve", runId, "--phrase", "prod");

    await sees(/Can `?vault-2`? come back/u);
    expect(await answer("alice", "confirm", runId)).toContain("alice: taken");
    await sees(/GATE remove\.1 \(destructive\)/u);
    expect(await approve("alice")).toMatch(/alice may not approve; the role approver is needed/u);
    expect(await approve("dave")).toMatch(/sub-dave may not approve; the role approver is needed/u);
    expect(await call(["approve", runId, "--phrase", "prod", "-c", config], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${terminalUser()} may not approve`) as unknown as string,
    });
    expect(await approve("bob")).toContain("bob: taken");
    expect(await approve("bobAgain")).toMatch(/bob has approved already; another person must approve too/u);
    expect(cluster.calls.filter(({ path }) => path.endsWith("remove-peer"))).toHaveLength(0);
    expect(await approve("carol")).toContain("sub-carol: taken");
    await sees(/Will a replacement join now/u);
    expect(await answer("alice", "answer", runId, "finish")).toContain("alice: taken");
    expect(await ending).toBe(0);
    expect(shown()).toContain("RESOLVED");
    expect(cluster.calls.filter(({ path }) => path.endsWith("remove-peer"))).toHaveLength(1);
  }, 90_000);

  it("lets nobody answer with a token that is not good, and does not fall back to the user", async () => {
    await using directory = await temporaryDirectory();
    await using issuer = await startIssuer();
    await using cluster = await startSimulatedCluster({ clock: systemClock, clusterName: "prod" });
    const config = join(directory.path, "sealwatch.yaml");
    const people = [{ name: "root", role: "admin", cli: terminalUser() }];
    const parts = settings(directory.path, cluster.nodes, issuer);
    await writeFile(config, stringify({ ...parts, access: { ...parts.access, people, groups: [] } }));
    const expired = await tokenFile(directory.path, issuer, "alice", { exp: 1_000_000 });
    const said = await call(["run", "sealed-node", "cluster=prod", "node=vault-0", "-c", config], {
      VAULT: cluster.rootToken,
      SEALWATCH_ID_TOKEN_FILE: expired,
    });
    expect(said).toMatchObject({ code: 1, out: "" });
    expect(said.err).toContain("cannot tell who you are by the ID token: it has expired; get a new one");
    expect((await call(["runs", "-c", config], { VAULT: cluster.rootToken })).out).toBe("no runs");
  }, 60_000);
});

/** Alice and bob are listed; carol comes by her group alone. */
function settings(
  directory: string,
  nodes: readonly { readonly name: string; readonly address: string }[],
  { address }: Issuer,
) {
  return {
    store: { path: join(directory, "sealwatch.db") },
    clusters: [{ name: "prod", nodes: nodes.map(({ name, address }) => ({ name, address })), token: { env: "VAULT" } }],
    access: {
      people: [
        { name: "alice", role: "responder", oidc: "sub-alice" },
        { name: "bob", role: "approver", oidc: "sub-bob" },
      ],
      groups: [{ name: "approvers", role: "approver", claim: { value: "vault-approvers" } }],
      oidc: { issuer: address, audience: AUDIENCE },
    },
  };
}

let files = 0;

async function tokenFile(directory: string, issuer: Issuer, name: string, claims: object): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const file = join(directory, `token-${(files += 1)}`);
  const text = await issuer.sign({ claims: { sub: `sub-${name}`, iat: seconds, exp: seconds + 600, ...claims } });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
