import { describe, expect, it } from "@jest/globals";
import { seriesNames } from "../../../src/slack/render/series-names.ts";

describe("naming series", () => {
  it.each([
    { name: "one without labels", labels: ["{}"], names: ["value"] },
    { name: "one with one label", labels: ['{node="vault-0"}'], names: ["vault-0"] },
    { name: "one with several", labels: ['{a="1", b="2"}'], names: ['{a="1", b="2"}'] },
    {
      name: "several by the only label that differs",
      labels: ['{job="vault", node="vault-0"}', '{job="vault", node="vault-1"}'],
      names: ["vault-0", "vault-1"],
    },
    {
      name: "several by all labels that differ",
      labels: ['{a="1", b="x", c="z"}', '{a="2", b="y", c="z"}'],
      names: ["a=1, b=x", "a=2, b=y"],
    },
    { name: "those that lack the label", labels: ['{node="vault-0"}', "{}"], names: ["vault-0", "value"] },
    {
      name: "values with quotes and braces",
      labels: ['{n="a\\"}, b"}', '{n="c=\\"d\\""}'],
      names: ['a"}, b', 'c="d"'],
    },
    { name: "what was cut", labels: [`{n="${"x".repeat(10)}…`], names: [`{n="${"x".repeat(10)}…`] },
    { name: "none", labels: [], names: [] },
  ])("names $name", ({ labels, names }) => {
    expect(seriesNames(labels)).toEqual(names);
  });
});
