import { describe, expect, it } from "@jest/globals";
import type { ActionServices, ExecCommand, ProcessEnd } from "../../../src/actions/services.ts";
import { guardServices } from "../../../src/runner/guarded-services.ts";
import { settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";
import { askAction } from "../vault/ask-action.ts";

const COMMAND: ExecCommand = {
  name: "restart-vault",
  description: "Restarts Vault on a node",
  argv: ["/usr/bin/ssh", "{address}", "restart now", "{node}", "{cluster}"],
  clusters: undefined,
  directory: "/",
  timeoutMs: 1000,
  verify: { argv: ["/usr/bin/is-up", "{node}"], notDone: [3], timeoutMs: 1000 },
};
const WELL: ProcessEnd = { exitCode: 0, endedBy: "", timedOut: false, output: "", cut: false };

type World = { readonly services: ActionServices; readonly ran: (readonly string[])[] };

function world(command: Partial<ExecCommand> = {}, ends: Partial<ProcessEnd> = {}, executable = true): World {
  const ran: (readonly string[])[] = [];
  const go = async (_: ExecCommand, argv: readonly string[]): Promise<ProcessEnd> => {
    ran.push(argv);
    return await Promise.resolve({ ...WELL, ...ends });
  };
  const held = { ...COMMAND, ...command };
  const exec = {
    names: () => [held.name],
    find: (_: string, name: string) => (name === held.name ? held : undefined),
    isExecutable: async () => await Promise.resolve(executable),
    run: go,
    verify: go,
  };
  return { services: { exec }, ran };
}

const well = () => createFakeCluster(["active", "standby", "standby"]);
const ask = ({ services }: World, input: { name?: string; node?: string } = { node: "vault-2" }) =>
  askAction("exec.run", { name: "restart-vault", ...input }, services);

describe("exec.run", () => {
  it("shows the exact arguments, which are what people approve", async () => {
    expect(await ask(world()).fact(well(), "command")).toEqual({
      name: "command",
      ok: true,
      value: {
        argv: ["/usr/bin/ssh", "https://vault-2.example:8200", "restart now", "vault-2", "prod"],
        verify: ["/usr/bin/is-up", "vault-2"],
      },
      text: "Restarts Vault on a node: /usr/bin/ssh https://vault-2.example:8200 'restart now' vault-2 prod; its effect is looked for by: /usr/bin/is-up vault-2",
    });
  });

  it("runs just these, and gives what came of it", async () => {
    const held = world({}, { output: "restarted\n" });
    expect(await ask(held).perform(well())).toEqual({ exit_code: 0, output: "restarted\n", cut: false });
    expect(held.ran).toEqual([["/usr/bin/ssh", "https://vault-2.example:8200", "restart now", "vault-2", "prod"]]);
  });

  it("works while nobody leads and every node is down", async () => {
    const down = createFakeCluster(["unreachable", "unreachable", "unreachable"]);
    expect(await ask(world()).broken(down)).toEqual([]);
    expect(await ask(world()).perform(down)).toMatchObject({ exit_code: 0 });
  });

  it("is refused for a program that is not there", async () => {
    expect(await ask(world({}, {}, false)).broken(well())).toEqual(["program"]);
  });

  const refused: readonly { name: string; held: World; input: { name?: string; node?: string }; says: string }[] = [
    {
      name: "a name that is not configured",
      held: world(),
      input: { name: "restart-vaul" },
      says: 'did you mean "restart-vault"?',
    },
    { name: "no node where one is meant", held: world(), input: {}, says: "name one in the step's `with`" },
    {
      name: "a node where none is meant",
      held: world({ argv: ["/bin/true"], verify: undefined }),
      input: { node: "vault-2" },
      says: "it is about no node",
    },
  ];
  it.each(refused)("is refused with $name", async ({ held, input, says }) => {
    for (const part of ["facts", "perform", "probe"] as const)
      expect(await settle(ask(held, input)[part](well()))).toMatchObject({
        reason: "refused",
        message: expect.stringContaining(says),
      });
    expect(held.ran).toEqual([]);
  });

  it("is refused for a node whose name would be an option", async () => {
    const fake = well();
    const odd = { ...fake.cluster.node("vault-2"), name: "-oProxyCommand=x" };
    Object.assign(fake.cluster, { node: () => odd });
    const held = world();
    expect(await settle(ask(held).perform(fake))).toMatchObject({ message: expect.stringContaining("as an option") });
    expect(held.ran).toEqual([]);
  });

  it("says what to configure when nothing is", async () => {
    const asked = askAction("exec.run", { name: "restart-vault" }, { exec: undefined } as unknown as ActionServices);
    expect(await settle(asked.facts(well()))).toMatchObject({
      reason: "refused",
      message: "cannot run a program for prod: none is configured; name it under exec",
    });
  });

  it.each([
    {
      name: "another code",
      ends: { exitCode: 3, output: "a\nb\nc\nd\n" },
      reason: "server-error",
      says: "ended with code 3, and wrote: b / c / d; look",
    },
    {
      name: "a signal",
      ends: { exitCode: -1, endedBy: "SIGSEGV" },
      reason: "server-error",
      says: "was ended by SIGSEGV; look",
    },
    {
      name: "its time",
      ends: { exitCode: 0, timedOut: true },
      reason: "timeout",
      says: "took too long and was ended; look",
    },
  ])("does not say that nothing was done when $name ended it", async ({ ends, reason, says }) => {
    expect(await settle(ask(world({}, ends)).perform(well()))).toMatchObject({
      reason,
      retryable: false,
      message: expect.stringContaining(says),
    });
  });

  it.each([
    { name: "0", ends: { exitCode: 0 }, verdict: "done" },
    { name: "what says so", ends: { exitCode: 3 }, verdict: "not-done" },
    { name: "anything else", ends: { exitCode: 1 }, verdict: "unknown" },
    { name: "0, but too late", ends: { exitCode: 0, timedOut: true }, verdict: "unknown" },
    { name: "a signal", ends: { exitCode: -1, endedBy: "SIGKILL" }, verdict: "unknown" },
  ])("has its effect judged by the exit code of verify: $name", async ({ ends, verdict }) => {
    const held = world({}, ends);
    expect(await ask(held).probe(well())).toMatchObject({ verdict });
    expect(held.ran).toEqual([["/usr/bin/is-up", "vault-2"]]);
  });

  it("leaves it to people when nothing looks for its effect", async () => {
    const held = world({ verify: undefined });
    expect(await ask(held).probe(well())).toEqual({
      verdict: "unknown",
      evidence: "restart-vault has no `verify`: look whether it took effect",
    });
    expect(held.ran).toEqual([]);
  });

  it("begins nothing when the run does not want it any more; a look for its effect asks nobody", async () => {
    const held = world();
    const services = guardServices(held.services, async () => await Promise.reject(new Error("the run was ended")));
    await expect(ask({ ...held, services }).perform(well())).rejects.toThrow("the run was ended");
    expect(held.ran).toEqual([]);
    expect(await ask({ ...held, services }).probe(well())).toMatchObject({ verdict: "done" });
  });
});
