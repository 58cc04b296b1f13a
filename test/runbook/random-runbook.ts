import fc from "fast-check";

/** Mostly what is right, now and then what is wrong: about one runbook in four has no finding. */
function mostly<T>(right: readonly T[], wrong: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );
}

const text = mostly(
  ["hello", "${inputs.node}", "${inputs.count + 1}", "${has(inputs.node) ? 'a' : 'b'}"],
  ["${steps.s1.type}", "${item}", "${peer.id}", "${steps.s2.answer}", "${steps.s1.done}", "${", "${inputs.nobody}"],
);
const condition = mostly(
  ["true", "inputs.sure", "inputs.count > 3", "inputs.grace < 60"],
  ["has(steps.s1) && steps.s1.sealed", "steps.s1.result == 'done'", "item == 'a'", "peer.voter", "nobody", "false"],
);
const list = mostly(
  ["['a', 'b']", "[1, 2].map(i, string(i))", "[inputs.node]", "[[inputs.count]]"],
  ["steps.s1.peers", "[]", "inputs.count"],
);
const answer = mostly<object>(
  [
    { type: "bool" },
    { type: "int", min: 1 },
    { type: "duration", default: "5m" },
    { type: "enum", options: ["a", "b"], default: "a" },
  ],
  [
    { type: "enum", options: ["a"], default: "b" },
    { type: "int", options: [1] },
  ],
);
const node = mostly<object>(
  [{ node: "a" }, { node: "${inputs.node}" }],
  [{}, { node: "${inputs.count}" }, { nod: "a" }],
);

const optional = {
  when: condition,
  title: text,
  onFailure: mostly(["ask", "stop", "continue"], ["never"]),
};

/** Describes one step as somebody could write it; ids are given later. */
function stepAt(depth: number): fc.Arbitrary<object> {
  const join = (kind: fc.Arbitrary<object>): fc.Arbitrary<object> =>
    fc.tuple(fc.record(optional, { requiredKeys: [] }), kind).map(([common, own]) => ({ ...common, ...own }));
  const kinds = [
    fc.record({
      check: fc.constant("vault.seal-status"),
      with: node,
      expect: mostly(["result.sealed", "!result.sealed && inputs.sure"], ["result.peers", "true"]),
    }),
    fc.record({ wait: fc.constant("vault.raft-peers"), until: mostly(["result.peers.size() > 1"], ["result.sealed"]) }),
    fc.record({ do: mostly(["kubernetes.restart-pod", "vault.remove-peer"], ["vault.seal-status"]), with: node }),
    fc.record({ ask: text, answer }),
    fc.record({ manual: text, commands: fc.array(text, { maxLength: 2 }) }),
    fc.record({ say: text }),
    fc.record({ include: mostly(["valid-inputs"], ["nobody"]), with: node }),
    fc.record({ include: mostly(["valid-loops", "valid-deep-three"], ["random"]) }),
  ];
  if (depth === 0) return fc.oneof(...kinds.map(join));
  const steps = fc.array(stepAt(depth - 1), { minLength: 1, maxLength: 2 });
  const loop = fc.record({
    forEach: list,
    as: mostly([`item_${depth}`, ["p", "q", "r"][depth] ?? "x"], ["steps", "for", "map"]),
    steps,
  });
  return fc.oneof(...[...kinds, loop, loop].map(join));
}

/** Gives every step an id of its own, but for one in many that has that of the first. */
function withIds(steps: readonly object[], next: { id: number }, slip: number): readonly object[] {
  return steps.map((step) => {
    next.id += 1;
    const own = { id: `s${next.id === slip ? 1 : next.id}`, ...step };
    return "steps" in step ? { ...own, steps: withIds(step.steps as readonly object[], next, slip) } : own;
  });
}

const inputs = fc.constant({
  cluster: { type: "cluster" },
  node: { type: "node" },
  count: { type: "int", default: 3 },
  grace: { type: "duration", default: "5m" },
  sure: { type: "bool", default: false },
});

/** Describes a runbook as somebody could write it, right or wrong. */
export const randomRunbook: fc.Arbitrary<unknown> = fc
  .record(
    {
      inputs,
      steps: fc
        .tuple(fc.array(stepAt(2), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 60 }))
        .map(([steps, slip]) => withIds(steps, { id: 0 }, slip)),
      onCancel: fc.record({
        steps: fc.array(fc.record({ id: fc.constantFrom("left", "told"), say: text }), { minLength: 1, maxLength: 2 }),
      }),
      lock: mostly(["exclusive"], ["none"]),
    },
    { requiredKeys: ["inputs", "steps"] },
  )
  .map((random) => ({
    id: "random",
    title: "t",
    meaning: "m",
    impact: "i",
    verify: "v",
    escalate: "e",
    rollback: "r",
    ...random,
  }));
