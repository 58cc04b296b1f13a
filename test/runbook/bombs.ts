/** A text that is meant to cost more than it is worth. */
export type Bomb = { readonly name: string; readonly text: string };

const HEAD = `id: bomb
title: t
meaning: m
impact: i
verify: v
escalate: e
inputs:
  cluster: { type: cluster }
`;
/** A runbook may have 100,000 characters: what is behind that limit is refused without a look. */
const FULL = 99_000;

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** As many lines as still fit. */
function fill(line: (index: number) => string): string {
  const written: string[] = [];
  for (let length = 0, index = 0; ; index++) {
    const next = line(index);
    length += next.length + 1;
    if (length > FULL) return written.join("\n");
    written.push(next);
  }
}

const repeat = (text: string, rest = 0): string => text.repeat(Math.floor((FULL - rest) / text.length));

/** Makes a runbook of lines behind its header. */
export function bombOf(text: string): string {
  return `${HEAD}${text}\n`;
}

/** Texts that must be refused at once, each with the largest size that is still read. */
export const bombs: readonly Bomb[] = [
  { name: "ten megabytes of one word", text: "x".repeat(10_000_000) },
  { name: "ten megabytes of lines", text: "a: b\n".repeat(2_000_000) },
  { name: "a million laughs", text: laughs(9, 9) },
  {
    name: "laughs below the limit of aliases",
    text: bombOf(`steps:\n  - &a ${longList()}\n${lines(90, () => "  - *a")}`),
  },
  {
    name: "a long text behind many aliases",
    text: bombOf(`x: &a ${"y".repeat(90_000)}\nsteps:\n${lines(90, () => "  - *a")}`),
  },
  { name: "aliases", text: `a: &a x\nb: [${"*a, ".repeat(9_000)}*a]\n` },
  { name: "aliases of nothing", text: `b: [${"*a, ".repeat(9_000)}*a]\n` },
  { name: "deep lists", text: repeat("[") },
  { name: "deep maps", text: repeat("a: {") },
  { name: "deep indentation", text: lines(440, (level) => `${" ".repeat(level)}-`) },
  { name: "deep indentation of maps", text: lines(430, (level) => `${" ".repeat(level)}a:`) },
  { name: "loops in loops in loops", text: bombOf(`steps:\n${nested(170)}`) },
  { name: "unknown keys", text: bombOf(`steps: [{ id: a, say: b }]\n${fill((at) => `k${at}: 1`)}`) },
  { name: "steps", text: bombOf(`steps:\n${fill((at) => `  - { id: s${at}, say: x }`)}`) },
  {
    name: "steps of loops",
    text: bombOf(`steps:\n${fill((at) => `  - { id: s${at}, forEach: "[1]", steps: [{ id: t${at}, say: x }] }`)}`),
  },
  { name: "inputs", text: HEAD + fill((at) => `  i${at}: { type: x }`) },
  { name: "broken steps", text: bombOf(`steps:\n${fill((at) => `  - { i: s${at} }`)}`) },
  {
    name: "given values",
    text: bombOf(
      `steps:\n  - id: a\n    check: vault.raft-peers\n    with:\n${fill((at) => `      k${at}: "\${inputs.x}"`)}`,
    ),
  },
  {
    name: "conditions",
    text: bombOf(
      `steps:\n${lines(100, (at) => `  - { id: s${at}, when: steps.x.y${" + steps.x.y".repeat(60)} > 0, say: x }`)}`,
    ),
  },
  { name: "expressions in a text", text: bombOf(`steps:\n  - id: a\n    say: "${repeat("${steps.x.y} ")}"`) },
  {
    name: "the most expressions in a text",
    text: bombOf(`steps:\n  - id: a\n    say: "${"${steps.x.y + [1,2,3].map(x, x + 1)} ".repeat(1000)}"`),
  },
  { name: "braces that never end", text: bombOf(`steps:\n  - id: a\n    say: "${repeat("${")}"`) },
  {
    name: "braces and quotes that never end",
    text: bombOf(`steps:\n  - id: a\n    say: >\n      ${"${' ".repeat(900)}`),
  },
  {
    name: "commands",
    text: bombOf(`steps:\n  - id: a\n    manual: m\n    commands:\n${fill(() => "      - ${inputs.nobody}")}`),
  },
  { name: "a long key", text: bombOf(`steps: [{ id: a, say: b }]\n${repeat("k")}: 1`) },
  { name: "a long id", text: bombOf(`steps: [{ id: ${repeat("k", 500)}, say: "\${x}" }]`) },
  {
    name: "long names that are read",
    text: bombOf(`steps: [{ id: a, say: "${`\${steps.${"k".repeat(900)}} `.repeat(100)}" }]`),
  },
  { name: "duplicate keys", text: bombOf(`steps: [{ id: a, say: b }]\n${fill(() => "k: 1")}`) },
  {
    name: "options",
    text: `${HEAD}  x: { type: enum, options: [${repeat("a, ", 500)}b] }\nsteps: [{ id: a, say: b }]\n`,
  },
  {
    name: "a long pattern",
    text: `${HEAD}  x: { type: string, pattern: "${"(a+".repeat(20_000)}${")+".repeat(19_000)}" }\nsteps: [{ id: a, say: b }]\n`,
  },
  {
    name: "a pattern that never ends",
    text: `${HEAD}  x: { type: string, pattern: "(a+)+", default: ${"a".repeat(199)}b }\nsteps: [{ id: a, say: b }]\n`,
  },
  {
    name: "a pattern of groups",
    text: `${HEAD}  x: { type: string, pattern: "${"(".repeat(99)}a${")*".repeat(49)}" }\nsteps: [{ id: a, say: b }]\n`,
  },
  { name: "a long expression", text: bombOf(`steps: [{ id: a, say: b, when: "${repeat("1 + ", 500)}1 > 0" }]`) },
  {
    name: "an expression of brackets",
    text: bombOf(`steps: [{ id: a, say: b, when: "${"(".repeat(450)}true${")".repeat(450)}" }]`),
  },
  { name: "an expression of negations", text: bombOf(`steps: [{ id: a, say: b, when: "${"!".repeat(900)}true" }]`) },
  {
    name: "an expression of lists",
    text: bombOf(`steps: [{ id: a, say: b, when: "${"[".repeat(190)}${"]".repeat(190)} == []" }]`),
  },
  {
    name: "loops inside an expression",
    text: bombOf(`steps: [{ id: a, say: b, when: "${"[1,2,3].all(x, ".repeat(20)}true${")".repeat(20)}" }]`),
  },
  {
    name: "a hundred heavy expressions",
    text: bombOf(
      `steps:\n${lines(99, (at) => `  - { id: s${at}, say: b, when: "${"[1,2].all(x, x > 0) && ".repeat(35)}nothing" }`)}`,
    ),
  },
  {
    name: "secrets everywhere",
    text: bombOf(`steps: [{ id: a, say: b }]\n${fill((at) => `# hvs.${"CAESIJ".repeat(5)}${at}`)}`),
  },
  { name: "what looks like a secret until its end", text: bombOf(`# ${repeat("eyJabcdefgh.")}`) },
  {
    name: "what looks like a private key without an end",
    text: bombOf(`# ${repeat("-----BEGIN A PRIVATE KEY-----")}`),
  },
];

function laughs(levels: number, times: number): string {
  const first = `a0: &a0 [${"x, ".repeat(times)}x]`;
  return [first, lines(levels, (at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(times)}*a${at}]`)].join("\n");
}

function longList(): string {
  return `{ id: a, say: [${"x, ".repeat(30_000)}x] }`;
}

function nested(depth: number): string {
  return lines(depth, (level) => {
    const indent = " ".repeat(2 + level * 2);
    return `${indent}- id: s${level}\n${indent}  forEach: "[1]"\n${indent}  steps:`;
  });
}
