import { describe, expect, it } from "@jest/globals";
import { formatFinding } from "../../../src/lib/finding.ts";
import { handOverText, readAsTests } from "./hand-over.ts";

const GOOD = `runbook: hand-over
tests:
  - name: all is well
    inputs: { cluster: prod, node: vault-0 }
    changes:
      - { when: nodes, do: [{ stop: vault-2 }] }
    people:
      - { at: why, answer: upgrade }
    expect:
      path: [why, look.nodes, "each[0].again", $cancel.leads]
      outcome: resolved
`;

async function findingsOf(text: string, id?: string): Promise<readonly string[]> {
  const reading = await readAsTests(text, id);
  return reading.ok ? [] : reading.findings.map(formatFinding);
}

describe("readTestFile", () => {
  it("takes a good file", async () => {
    expect(await findingsOf(GOOD)).toEqual([]);
    expect(await findingsOf(await handOverText())).toEqual([]);
  });

  const mistakes: readonly { name: string; from: string; to: string; finding: string }[] = [
    {
      name: "a step in the path that the runbook does not have",
      from: "[why,",
      to: "[whi,",
      finding: `hand-over.test.yaml:10:14: there is no step "whi" in hand-over; did you mean "why"? (unknown-step)`,
    },
    {
      name: "a step of an included runbook that it does not have",
      from: "look.nodes",
      to: "look.noodles",
      finding: `hand-over.test.yaml:10:19: there is no step "look.noodles" in hand-over; did you mean "look.nodes"? (unknown-step)`,
    },
    {
      name: "a step of a person that the runbook does not have",
      from: "at: why",
      to: "at: who",
      finding: `hand-over.test.yaml:8:15: there is no step "who" in hand-over; did you mean "why"? (unknown-step)`,
    },
    {
      name: "a step of a change that the runbook does not have",
      from: "when: nodes",
      to: "when: node",
      finding: `hand-over.test.yaml:6:17: there is no step "node" in hand-over; did you mean "nodes"? (unknown-step)`,
    },
    {
      name: "somebody who is not there",
      from: "at: why, answer",
      to: "at: why, by: startr, answer",
      finding: `hand-over.test.yaml:8:24: there is no person "startr"; did you mean "starter"? (unknown-person)`,
    },
    {
      name: "a node that is not there",
      from: "stop: vault-2",
      to: "stop: vault-3",
      finding: `hand-over.test.yaml:6:37: there is no node "vault-3"; did you mean "vault-0"? (unknown-node)`,
    },
    {
      name: "an input that the runbook does not have",
      from: "node: vault-0 }",
      to: "nod: vault-0 }",
      finding: `hand-over.test.yaml:4:35: there is no input "nod"; did you mean "node"? (unknown-input)`,
    },
    {
      name: "another runbook than that of the file's name",
      from: "runbook: hand-over",
      to: "runbook: step-down",
      finding: `hand-over.test.yaml:1:10: "step-down" is not the runbook of this file; write hand-over, or call the file step-down.test.yaml (file-name)`,
    },
    {
      name: "two deeds in one scene",
      from: "answer: upgrade }",
      to: "answer: upgrade, skip: no }",
      finding:
        'hand-over.test.yaml:8:9: item 1 of "people" is refused: exactly one of approve, reject, expire, breakGlass, confirm, answer, retry, reopen, skip, markDone, abort, note, assign, breakLock, alert is wanted (invalid-value)',
    },
    {
      name: "two changes in one",
      from: "{ stop: vault-2 }",
      to: "{ stop: vault-2, kms: down }",
      finding:
        'hand-over.test.yaml:6:29: item 1 of "do" is refused: exactly one thing changes; write the next as an item of its own (invalid-value)',
    },
    {
      name: "a key that nobody knows",
      from: "outcome: resolved",
      to: "outcom: resolved",
      finding: 'hand-over.test.yaml:11:7: unknown key "outcom"; did you mean "outcome"? (unknown-key)',
    },
    {
      name: "an end that no run has",
      from: "outcome: resolved",
      to: "outcome: resolve",
      finding:
        'hand-over.test.yaml:11:16: "outcome" must be one of resolved, stopped, failed, aborted, planned, not "resolve"; did you mean "resolved"? (invalid-value)',
    },
    {
      name: "a refusal that there is not",
      from: "answer: upgrade }",
      to: "answer: upgrade, refused: roles }",
      finding:
        'hand-over.test.yaml:8:46: "refused" must be one of no-such-run, ended, not-now, role, group, self-approval, voted-already, closed, expired, changed, phrase, break-glass, reason-missing, answer, not "roles"; did you mean "role"? (invalid-value)',
    },
  ];

  it.each(mistakes)("says where $name is", async ({ from, to, finding }) => {
    expect(GOOD).toContain(from);
    expect(await findingsOf(GOOD.replace(from, to))).toContain(finding);
  });

  it("refuses two tests of one name", async () => {
    const twice = `${GOOD}${GOOD.slice(GOOD.indexOf("  - name"))}`;
    expect(await findingsOf(twice)).toEqual([
      `hand-over.test.yaml:12:11: the name "all is well" is another test's already (duplicate-test)`,
    ]);
  });

  it("finds everything at once", async () => {
    const bad = GOOD.replace("at: why", "at: who").replace("stop: vault-2", "stop: vault-9");
    expect((await findingsOf(bad)).map((finding) => finding.split(": ")[0])).toEqual([
      "hand-over.test.yaml:6:37",
      "hand-over.test.yaml:8:15",
    ]);
  });
});
