import { readDocument, sortFindings } from "../../document/read-document.ts";
import type { DocumentPath, Positions } from "../../document/positions.ts";
import type { CatalogEntry } from "../../catalog/entry.ts";
import type { Finding } from "../../lib/finding.ts";
import { suggestion } from "../../lib/nearest.ts";
import { allSteps, definitionPath, stepAtPath } from "../../runbook/step-path.ts";
import { NODE_CHANGES, type Change } from "./change.ts";
import { nodeNames, settingOf } from "./cluster-setting.ts";
import { castOf } from "./script.ts";
import { RunbookTestFile, type ClusterSetting, type Rehearsal } from "./test-file.ts";

/** A test file whose every name is known, or all that is wrong with it. */
export type TestFileReading =
  { readonly ok: true; readonly file: RunbookTestFile } | { readonly ok: false; readonly findings: readonly Finding[] };

/** The text of a test file, and the runbook that it is beside; undefined when that is not good. */
export type TestFileSource = {
  readonly file: string;
  readonly text: string;
  /** The runbook's id by the file's name. */
  readonly id: string;
  readonly entry: CatalogEntry | undefined;
};

/** Reads a test file. Never throws; finds at once everything that names what is not there. */
export function readTestFile({ file, text, id, entry }: TestFileSource): TestFileReading {
  const reading = readDocument({ file, text, schema: RunbookTestFile });
  if (!reading.ok) return reading;
  const { value, positions } = reading;
  const problems = [...ofFile(value, id), ...(entry === undefined ? [] : problemsOf(value, entry))];
  const findings = problems.map((problem) => findingOf(file, problem, positions));
  return findings.length === 0 ? { ok: true, file: value } : { ok: false, findings: sortFindings(findings) };
}

type Problem = { readonly path: DocumentPath; readonly rule: string; readonly message: string };

function findingOf(file: string, { path, rule, message }: Problem, positions: Positions): Finding {
  return { file, ...positions.at(path), rule, message };
}

function ofFile({ runbook, tests }: RunbookTestFile, id: string): readonly Problem[] {
  const names = tests.map(({ name }) => name);
  const twice = tests.flatMap(({ name }, index) =>
    names.indexOf(name) < index
      ? [
          {
            path: ["tests", index, "name"],
            rule: "duplicate-test",
            message: `the name "${name}" is another test's already`,
          },
        ]
      : [],
  );
  if (runbook === id) return twice;
  const message = `"${runbook}" is not the runbook of this file; write ${id}, or call the file ${runbook}.test.yaml`;
  return [{ path: ["runbook"], rule: "file-name", message }, ...twice];
}

function problemsOf(file: RunbookTestFile, entry: CatalogEntry): readonly Problem[] {
  const cast = [...castOf(file.people).keys()];
  const common = changeProblems(file.cluster.faults, ["cluster", "faults"], nodeNames(file.cluster));
  return [
    ...common,
    ...inputProblems(file.inputs, ["inputs"], entry),
    ...file.tests.flatMap((test, index) => ofTest(test, { at: ["tests", index], cast, entry, shared: file.cluster })),
  ];
}

type Around = {
  readonly at: DocumentPath;
  readonly cast: readonly string[];
  readonly entry: CatalogEntry;
  readonly shared: ClusterSetting;
};

function ofTest(test: Rehearsal, { at, cast, entry, shared }: Around): readonly Problem[] {
  const nodes = nodeNames(settingOf(shared, test.cluster));
  const step = (path: string, ...rest: DocumentPath): readonly Problem[] => stepProblems(path, [...at, ...rest], entry);
  const person = (name: string, ...rest: DocumentPath): readonly Problem[] =>
    nameProblems(name, cast, { path: [...at, ...rest], rule: "unknown-person", what: "person" });
  const { gates, failures, path, cluster } = test.expect;
  return [
    ...changeProblems(test.cluster.faults, [...at, "cluster", "faults"], nodes),
    ...[...(test.cluster.unmatched ?? []), ...(test.cluster.renamed ?? [])].flatMap((name) =>
      nameProblems(name, nodes, { path: [...at, "cluster"], rule: "unknown-node", what: "node" }),
    ),
    ...inputProblems(test.inputs, [...at, "inputs"], entry),
    ...person(test.by, "by"),
    ...test.changes.flatMap(({ when, do: all }, index) => [
      ...(when === "start" ? [] : step(when, "changes", index, "when")),
      ...changeProblems(all, [...at, "changes", index, "do"], nodes),
    ]),
    ...test.people.flatMap((scene, index) => [
      ...step(scene.at, "people", index, "at"),
      ...[scene.by].flat().flatMap((name) => person(name, "people", index, "by")),
      ...(scene.assign === undefined ? [] : person(scene.assign, "people", index, "assign")),
    ]),
    ...path.flatMap((each, index) => step(each, "expect", "path", index)),
    ...gates.flatMap((gate, index) => step(gate.step, "expect", "gates", index, "step")),
    ...failures.flatMap((failure, index) => step(failure.step, "expect", "failures", index, "step")),
    ...[cluster?.leader ?? "none", ...(cluster?.sealed ?? []), ...(cluster?.members ?? [])].flatMap((name) =>
      nameProblems(name, ["none", ...nodes], {
        path: [...at, "expect", "cluster"],
        rule: "unknown-node",
        what: "node",
      }),
    ),
  ];
}

function changeProblems(
  changes: readonly Change[] | undefined,
  at: DocumentPath,
  nodes: readonly string[],
): readonly Problem[] {
  return (changes ?? []).flatMap((change, index) =>
    NODE_CHANGES.flatMap((what) =>
      (change[what] ?? []).flatMap((name) =>
        nameProblems(name, nodes, { path: [...at, index, what], rule: "unknown-node", what: "node" }),
      ),
    ),
  );
}

function inputProblems(inputs: object, at: DocumentPath, { runbook }: CatalogEntry): readonly Problem[] {
  return Object.keys(inputs).flatMap((name) =>
    nameProblems(name, Object.keys(runbook.inputs), { path: [...at, name], rule: "unknown-input", what: "input" }),
  );
}

function stepProblems(path: string, at: DocumentPath, entry: CatalogEntry): readonly Problem[] {
  if (stepAtPath(entry, path) !== undefined) return [];
  const known = allSteps(entry).map((each) => each.path);
  const message = `there is no step "${definitionPath(path)}" in ${entry.runbook.id}${suggestion(path, known)}`;
  return [{ path: at, rule: "unknown-step", message }];
}

type Named = { readonly path: DocumentPath; readonly rule: string; readonly what: string };

function nameProblems(name: string, known: readonly string[], { path, rule, what }: Named): readonly Problem[] {
  return known.includes(name)
    ? []
    : [{ path, rule, message: `there is no ${what} "${name}"${suggestion(name, known)}` }];
}
