import { describe, expect, it } from "@jest/globals";
import { demo } from "../../../src/cli/subcommands/demo.ts";
import { main } from "../../../src/cli/main.ts";
import { createStage } from "../../../src/cli/demo/stage.ts";
import { startDemoWorld, type DemoWorld } from "../../../src/cli/demo/demo-world.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { call, captureIo } from "../captured-io.ts";

/** Every line of the tour that says what was observed, in order. */
const OBSERVED = [
  "before: the metric says that it is not sealed",
  'fault: sealwatch_node_sealed{vault_node="vault-1"} is 1',
  "alert: VaultNodeSealed fires",
  "card: one message in the channel",
  "alice presses Open runbook: the run starts in the card's thread",
  "the run waits for the holders of the key shares",
  "the thread shows 1 of 2",
  "repair: the metric is 0 again",
  "the run verified it and is resolved",
  "resolved: alert, run and card agree",
  "fault: the margin is 0, one more loss stops the cluster",
  "alert: VaultQuorumAtRisk fires",
  "card: one message in the channel",
  "alice presses Open runbook: the run starts in the card's thread",
  "the run asks a human whether the machine is gone for good",
  "its message has a button",
  "the run stands at a gate: nothing is called before two others agree",
  "the gate is a message of its own",
  "alice, who started the run, may not approve it",
  "bob types another cluster's name and is refused",
  'bob types "prod" and approves',
  'carol types "prod" and approves',
  "repair: vault-2 is gone from raft's configuration, read from the cluster itself",
  "it asks whether a replacement joins now",
  "the run is resolved",
  "resolved: alert, run and card agree",
];

describe("sealwatch demo --tour", () => {
  it("plays both nights, with a tick for everything that was observed, and ends with 0", async () => {
    const { code, out, err } = await call(["demo", "--tour"]);
    expect(err).toBe("starting a cluster, sealwatch, and stand-ins for Slack and Prometheus …");
    expect(ticks(out.split("\n"))).toEqual(OBSERVED);
    expect(out).toContain("Every stage was observed.");
    expect(out).not.toMatch(/xoxb-|xapp-|\bs\.demo/u);
    expect(code).toBe(0);
  }, 120_000);

  it("ends with 1 and without a tick where a stage goes wrong", async () => {
    const { io, out, err } = captureIo();
    const sabotaged: typeof startDemoWorld = async (options) => {
      const world = await startDemoWorld(options);
      const enterShare = async (): Promise<never> => await Promise.reject(new Error("the share is wrong"));
      return { ...world, cluster: { ...world.cluster, enterShare } };
    };
    const code = await demo(io, { tour: true, port: "0" }, new AbortController().signal, sabotaged);
    expect(code).toBe(1);
    expect(err.at(-1)).toBe("sealwatch: the share is wrong");
    expect(ticks(out)).toEqual(OBSERVED.slice(0, 6));
    expect(out.join("\n")).not.toContain("Every stage was observed.");
  }, 120_000);

  it("ends with 1 when the cluster cannot be started", async () => {
    const { code, out, err } = await call(["demo", "--tour", "--vault-bin", "/nowhere/bao"]);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(/^sealwatch: .*\/nowhere\/bao/mu);
  }, 60_000);
});

describe("the stage of the tour", () => {
  it("prints no tick for what is not seen in time", async () => {
    const { io, out } = captureIo();
    const stage = createStage({} as DemoWorld, io, 30);
    await expect(stage.see("a wonder", async () => undefined)).rejects.toThrow("cannot see a wonder");
    expect(out).toEqual([]);
    expect(await stage.see("the sky", async () => "blue")).toBe("blue");
    expect(out).toEqual(["  ✔ the sky"]);
  });
});

describe("sealwatch demo", () => {
  it("prints where everything is, and ends with 0 on Ctrl-C though the input has ended long before", async () => {
    const { io, out } = captureIo();
    const interrupted = new AbortController();
    const code = main(["demo", "--port", "0"], { io, env: {}, signal: interrupted.signal });
    await waitFor("the help", async () => (out.some((line) => line.includes("quit")) ? true : undefined));
    const metrics = /^metrics: (?<address>http:\/\/127\.0\.0\.1:\d+\/metrics)$/u.exec(out[0] ?? "")?.groups?.[
      "address"
    ];
    expect(out.slice(0, 3)).toEqual([
      expect.stringMatching(/^metrics: http:\/\/127\.0\.0\.1:\d+\/metrics$/u),
      expect.stringMatching(/^web: http:\/\/127\.0\.0\.1:\d+\/$/u),
      expect.stringMatching(/^slack: http:\/\/127\.0\.0\.1:\d+\//u),
    ]);
    const page = await fetch(metrics ?? "");
    expect(await page.text()).toContain("sealwatch_node_up");
    interrupted.abort();
    expect(await code).toBe(0);
    await expect(fetch(metrics ?? "")).rejects.toThrow("fetch failed");
  }, 60_000);

  it("takes faults from the keyboard, says what it does not know, and ends at `quit`", async () => {
    const typed = [
      "",
      "seal vault-1",
      "share vault-1",
      "share vault-1",
      "seal vault-9",
      "burn vault-1",
      "destroy vault-2",
      "quit",
    ];
    let world: DemoWorld | undefined;
    const states: string[] = [];
    const { io, out } = captureIo(async () => {
      states.push(await stateOf(world, "vault-1"));
      return typed.shift();
    });
    const code = await demo(io, { tour: false, port: "0" }, new AbortController().signal, async (options) => {
      world = await startDemoWorld({ ...options, logger: silentLogger });
      return world;
    });
    expect(code).toBe(0);
    expect(out.slice(-6)).toEqual([
      "seal vault-1: done",
      "share vault-1: done",
      "share vault-1: done",
      "the commands are seal, share and destroy, each with a node of prod: vault-0, vault-1, vault-2; or quit",
      "the commands are seal, share and destroy, each with a node of prod: vault-0, vault-1, vault-2; or quit",
      "destroy vault-2: done",
    ]);
    // Before the empty line, before and after the fault, after one share and after two.
    expect(states.slice(0, 5)).toEqual(["unsealed", "unsealed", "sealed", "sealed", "unsealed"]);
  }, 60_000);

  it.each(["x", "-1", "65536", "1.5"])("refuses the port %s", async (port) => {
    expect(await call(["demo", `--port=${port}`])).toEqual({
      code: 2,
      out: "",
      err: `sealwatch demo: --port takes a number from 0 to 65535, not "${port}"`,
    });
  });
});

async function stateOf(world: DemoWorld | undefined, node: string): Promise<string> {
  const address = world?.cluster.nodes.find(({ name }) => name === node)?.address;
  const answer = await fetch(`${address}/v1/sys/seal-status`);
  return ((await answer.json()) as { sealed: boolean }).sealed ? "sealed" : "unsealed";
}

function ticks(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith("  ✔ ")).map((line) => line.slice(4));
}
