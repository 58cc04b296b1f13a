import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../src/app/package-files.ts";
import { generatedFiles } from "../../src/cli/subcommands/docs.ts";

describe("the generated files", () => {
  it("are current: run `npm run generate` after a change of a collector, an action, an option, a runbook or an alert", async () => {
    for (const [path, text] of await generatedFiles()) {
      expect({ path, text: await readFile(join(packageRoot, path), "utf8") }).toEqual({ path, text });
    }
  });

  it("hold every collector, check, action and option", async () => {
    const files = await generatedFiles();
    expect(files.get("docs/metrics.md")).toContain("`sealwatch_node_sealed`");
    expect(files.get("docs/actions.md")).toContain("### `vault.raft-remove-peer`");
    expect(files.get("docs/configuration.md")).toContain("`clusters[].nodes[].address`");
    expect(files.get("docs/policies/runbooks.hcl")).toContain(
      'path "sys/storage/raft/remove-peer" { capabilities = ["update"] }',
    );
  });
});
