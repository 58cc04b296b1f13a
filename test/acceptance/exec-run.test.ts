import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { access, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import type { OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { approvedBy, carryOut, inTurn, type Scene } from "../runbooks/drills/carry-out.ts";
import { startDrill, type DrillOptions } from "../runbooks/drills/drill-world.ts";
import { textOf } from "../runbooks/drills/path-of.ts";
import { approve } from "../support/slack-hands.ts";
import { PEOPLE } from "../support/slack-people.ts";
import { describeWith } from "../support/real.ts";

jest.setTimeout(120_000);

const AUDIT_FILE = "audit-file-a.log";

/** What people write for their machines: the node's name and where it lives are its arguments. It tells its environment too. */
const REOPEN = `#!/bin/sh
kill -HUP "$(cat "$2/$1.pid")"
env
echo "said to $1"
`;
const BROKEN = `#!/bin/sh
echo ran >> "$2/runs"
echo "no such host" >&2
exit 7
`;

/** A runbook of a site without Kubernetes: its audit log was moved away, and the server must open it anew. */
const RUNBOOK = {
  id: "reopen-audit",
  title: "Reopen the audit log",
  meaning: "The file was rotated, and the server still writes to the old one.",
  impact: "The new file stays empty.",
  verify: "The file is there.",
  escalate: "Wake the owner of the machine.",
  rollback: "There is nothing to go back to: the server only opens its files anew.",
  inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
  steps: [
    {
      id: "reopen",
      title: "Reopen it",
      do: "exec.run",
      with: { name: "reopen-audit", node: "${inputs.node}" },
    },
  ],
} as const;

/** Writes the runbook and the two programs, and names them in the configuration. */
function site(reopen: string): DrillOptions {
  return {
    config: ({ directory, cluster }) => {
      const [programs, runbooks] = [join(directory, "programs"), join(directory, "runbooks")];
      for (const folder of [programs, runbooks]) mkdirSync(folder);
      writeFileSync(join(runbooks, "reopen-audit.yaml"), stringify(RUNBOOK));
      const program = (name: string, text: string): string => {
        const file = join(programs, name);
        writeFileSync(file, text);
        chmodSync(file, 0o755);
        return file;
      };
      const at = cluster.nodes[0]?.directory ?? "";
      return {
        runbooks: { directory: runbooks },
        exec: [
          {
            name: "reopen-audit",
            description: "Has the server open its audit files anew (SIGHUP)",
            argv: [program("reopen", reopen), "{node}", at],
            verify: {
              argv: [program("is-there", `#!/bin/sh\ntest -e "$1/${AUDIT_FILE}" || exit 3\n`), at],
              notDone: [3],
            },
          },
        ],
      };
    },
  };
}

async function isThere(node: OpenBaoNode): Promise<boolean> {
  return await access(join(node.directory, AUDIT_FILE)).then(
    () => true,
    () => false,
  );
}

describeWith(["openbao", "openssl"], "a run that has a configured program do its work on a real server", () => {
  it("runs exactly what people agreed to, after they did, and looks for its effect", async () => {
    await using world = await startDrill({ nodes: 1 }, site(REOPEN));
    const { cluster, slack } = world;
    const [node] = cluster.nodes as readonly [OpenBaoNode];
    await writeFile(join(node.directory, `${node.name}.pid`), String(node.pid));
    await rename(join(node.directory, AUDIT_FILE), join(node.directory, `${AUDIT_FILE}.1`));
    const gate: Scene = async (moment) => {
      await approve(world, moment.loaded, "alice");
      await slack.waitForEphemeral(PEOPLE.alice, ({ text }) => text.includes("may not approve"));
      expect(await isThere(node)).toBe(false);
      const shown = JSON.stringify(slack.messages().map(({ blocks }) => blocks));
      expect(shown).toContain(`programs/reopen ${node.name} ${node.directory}`);
      expect(shown).toContain("Has the server open its audit files anew (SIGHUP)");
      await approvedBy("bob")(moment);
    };

    const carried = await carryOut(world, { command: `runbook reopen-audit prod ${node.name}` }, { reopen: gate });

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(textOf(carried.ended, "reopen")).toMatch(/is-there \S+ ended with code 0$/u);
    expect(await isThere(node)).toBe(true);
    const stored = JSON.stringify(await world.app.core.store.runs.read(carried.ended.run.id));
    expect(stored).toContain(`said to ${node.name}`);
    // The shell makes PWD and the like for itself; HOME, which every test has, would come from us.
    const names = [...stored.matchAll(/(?:"|\\n)(?<name>[A-Z_]+)=/gu)].map(({ groups }) => groups?.["name"] ?? "");
    expect(names).toEqual(expect.arrayContaining(["LANG", "PATH"]));
    expect(names.filter((name) => !["LANG", "OLDPWD", "PATH", "PWD", "SHLVL", "_"].includes(name))).toEqual([]);
    for (const secret of world.secrets()) expect(stored.includes(secret)).toBe(false);
  });

  it("does not run one again that ended badly, until people agree anew", async () => {
    await using world = await startDrill({ nodes: 1 }, site(BROKEN));
    const { cluster, directory } = world;
    const [node] = cluster.nodes as readonly [OpenBaoNode];
    await writeFile(join(node.directory, `${node.name}.pid`), String(node.pid));
    await rename(join(node.directory, AUDIT_FILE), join(node.directory, `${AUDIT_FILE}.1`));
    const ran = async (): Promise<string> => await readFile(join(node.directory, "runs"), "utf8");
    const repaired: Scene = async (moment) => {
      expect(await ran()).toBe("ran\n");
      expect(JSON.stringify(moment.loaded.run.notes)).toContain("is-there");
      await writeFile(join(directory, "programs", "reopen"), REOPEN);
      await approvedBy("bob")(moment);
    };

    const carried = await carryOut(
      world,
      { command: `runbook reopen-audit prod ${node.name}` },
      { reopen: inTurn(approvedBy("bob"), repaired) },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(carried.ended.run.gates.map(({ outcome }) => outcome)).toEqual(["agreed", "agreed"]);
    expect(await ran()).toBe("ran\n");
    expect(await isThere(node)).toBe(true);
    expect(JSON.stringify(await world.app.core.store.runs.read(carried.ended.run.id))).toContain("no such host");
  });
});
