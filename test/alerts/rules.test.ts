import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { createCollectors } from "../../src/exporter/registry.ts";
import { SCRAPE_FAMILIES } from "../../src/exporter/scrape-families.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { ALERTS, readRules, readTests, SUBJECTS } from "./read-alerts.ts";

const RUNBOOKS = fileURLToPath(new URL("../../runbooks/", import.meta.url));
const rules = (await Promise.all(SUBJECTS.map(readRules))).flat();

/** What an alert promises to be tested for, each as the first words of a case's name. */
const KINDS = ["fires", "does not fire", "absent series", "stale ex-leader", "two clusters", "one node"];

async function readRunbook(id: string): Promise<Runbook> {
  return Runbook.parse(parse(await readFile(`${RUNBOOKS}${id}.yaml`, "utf8")));
}

/** The alerts that no runbook answers: they are about sealwatch itself, whose configuration or token a runbook cannot repair. */
const WITHOUT_RUNBOOK = ["SealwatchCollectorFailing"];
const answered = rules.filter(({ alert }) => !WITHOUT_RUNBOOK.includes(alert));
const unanswered = rules.filter(({ alert }) => WITHOUT_RUNBOOK.includes(alert));

describe("the alerts", () => {
  it("are these seven", () => {
    expect(rules.map(({ alert }) => alert).toSorted()).toEqual([
      "SealwatchCollectorFailing",
      "VaultAuditBlocked",
      "VaultBackupStale",
      "VaultKmsUnavailable",
      "VaultNoActiveNode",
      "VaultNodeSealed",
      "VaultNodeUnreachable",
      "VaultQuorumAtRisk",
    ]);
  });

  it("have no rules without tests beside them, nor tests without rules", async () => {
    const tests = (await readdir(ALERTS)).filter((name) => name.endsWith(".test.yaml"));

    expect(tests.map((name) => name.replace(".test.yaml", ""))).toEqual(SUBJECTS);
  });
});

describe.each(SUBJECTS)("the cases of %s", (subject) => {
  it("are of every kind, and of no other", async () => {
    const { tests } = await readTests(subject);

    const kinds = new Set(tests.map(({ name }) => name.replace(/:.*/u, "")));

    expect([...kinds].toSorted()).toEqual(KINDS.toSorted());
  });

  it("are about these rules", async () => {
    expect((await readTests(subject)).rule_files).toEqual([`${subject}.rules.yaml`]);
  });
});

describe.each(answered)("$alert, which a runbook answers,", ({ alert, labels, annotations }) => {
  it("names the runbook and links to it", () => {
    expect(Object.keys(labels).toSorted()).toEqual(["runbook", "severity"]);
    expect(annotations["runbook_url"]).toContain(
      `{{ $externalLabels.sealwatch_url }}/runbooks/${labels["runbook"]}?cluster={{ $labels.vault_cluster | urlquery }}`,
    );
  });

  it("names a runbook that exists and that names the alert", async () => {
    const id = labels["runbook"] ?? "";

    expect(existsSync(`${RUNBOOKS}${id}.yaml`)).toBe(true);
    expect((await readRunbook(id)).alerts).toContain(alert);
  });

  it("links to the runbook with names of its inputs only", async () => {
    const { inputs } = await readRunbook(labels["runbook"] ?? "");

    const linked = [...(annotations["runbook_url"] ?? "").matchAll(/[?&](?<input>[a-z_]+)=/gu)];

    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(linked.map(({ groups }) => groups?.["input"])));
  });
});

describe.each(unanswered)("$alert, which no runbook answers,", ({ alert, labels, annotations }) => {
  it("is about sealwatch, names no runbook, so that it is not routed here, and links to the page of all clusters", () => {
    expect(alert).toMatch(/^Sealwatch/u);
    expect(Object.keys(labels)).toEqual(["severity"]);
    expect(annotations["runbook_url"]).toBe("{{ $externalLabels.sealwatch_url }}/");
  });

  it("is listed by no runbook, which would open a card for it", async () => {
    const ids = (await readdir(RUNBOOKS)).filter((name) => /^[^.]+[.]yaml$/u.test(name));
    const listed = await Promise.all(ids.map(async (name) => (await readRunbook(name.replace(".yaml", ""))).alerts));

    expect(listed.flat()).not.toContain(alert);
  });
});

describe.each(rules)("$alert", ({ expr, labels, annotations }) => {
  it("has a severity, a summary, a link and a description that tells the next step", () => {
    expect(["critical", "warning"]).toContain(labels["severity"]);
    expect(Object.keys(annotations).toSorted()).toEqual(["description", "runbook_url", "summary"]);
    expect(annotations["description"]).toContain("Next: ");
  });

  it("uses only series that the exporter writes, in its expression and in its text", () => {
    const written = [...createCollectors({ backups: [] }).flatMap(({ families }) => families), ...SCRAPE_FAMILIES];

    const used = [...`${expr} ${Object.values(annotations).join(" ")}`.matchAll(/sealwatch_[a-z_]+/gu)]
      .map(([name]) => name)
      .filter((name) => name !== "sealwatch_url");

    expect(used).not.toHaveLength(0);
    expect(written.map(({ name }) => name)).toEqual(expect.arrayContaining(used));
  });

  it("depends on none of Vault's own metrics, which lie when it matters", () => {
    expect(expr).not.toMatch(/\b(?:vault|openbao)_(?!cluster\b|node\b)/u);
  });
});
