import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { startSlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { call } from "./captured-io.ts";

/** Made-up tokens in the forms of real ones. */
export const TOKENS = {
  BOT: "xoxb-000000000000-made-up-canary",
  APP: "xapp-1-A000-made-up-canary",
  USER: "xoxp-000000000000-made-up-canary",
  SIGNING: "canary0signing0secret",
} as const;

export const PEOPLE = [
  { name: "alice", slack: "U0ALICE", role: "responder" },
  { name: "bob", slack: "U0BOB", role: "approver" },
];

type Parts = {
  readonly slack?: object;
  readonly access?: object;
  readonly externalUrl?: string;
  readonly standIn?: Partial<Parameters<typeof startSlackStandIn>[0]>;
  readonly env?: Readonly<Record<string, string>>;
};

/** A stand-in for Slack and a configuration that names it; no cluster is asked. */
export async function startSlackFiles({ slack = {}, access = {}, externalUrl, standIn, env }: Parts = {}) {
  const directory = await temporaryDirectory();
  const workspace = await startSlackStandIn({
    users: [
      { id: "U0ALICE", name: "alice" },
      { id: "U0BOB", name: "bob" },
    ],
    channel: { id: "C0INCIDENTS", name: "vault-incidents" },
    botToken: TOKENS.BOT,
    appToken: TOKENS.APP,
    clock: { now: () => Date.now() },
    ...standIn,
  });
  const config = join(directory.path, "sealwatch.yaml");
  await writeFile(
    config,
    stringify({
      ...(externalUrl === undefined ? {} : { externalUrl }),
      clusters: [{ name: "prod", nodes: [{ name: "vault-0", address: "http://127.0.0.1:9" }] }],
      slack: {
        botToken: { env: "BOT" },
        appToken: { env: "APP" },
        channel: "C0INCIDENTS",
        apiUrl: workspace.apiUrl,
        ...slack,
      },
      access: { people: PEOPLE, ...access },
    }),
  );
  const run = async (...args: readonly string[]) => {
    const result = await call(["slack", ...args, "--config", config], { ...TOKENS, ...env });
    expectNoSecret(`${result.out}${result.err}`);
    return result;
  };
  return {
    workspace,
    run,
    config,
    [Symbol.asyncDispose]: async () => {
      await workspace[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function expectNoSecret(text: string): void {
  if (text.includes("canary")) throw new Error("a secret was printed");
}
