import { format, inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { Secret } from "../../src/lib/secret.ts";

const hidden = "the-hidden-words";
const secret = new Secret(hidden);
/** The same under false types, because the compiler and the linter already refuse what is tried here. */
const asText = secret as unknown as string;
const asRecord = secret as unknown as Readonly<Record<string, string>>;

describe("Secret", () => {
  it.each([
    { name: "String", text: String(secret) },
    { name: "a template", text: `the token ${asText}` },
    { name: "concatenation", text: `token ${[secret].join(",")}` },
    { name: "JSON", text: JSON.stringify({ token: secret }) },
    { name: "inspect", text: inspect(secret) },
    { name: "inspect with everything shown", text: inspect(secret, { showHidden: true, depth: Infinity }) },
    { name: "inspect of an object that has it", text: inspect({ options: { token: secret } }) },
    { name: "inspect with custom printing off", text: inspect(secret, { customInspect: false }) },
    { name: "console's %s, %j and %o", text: format("%s %j %o", secret, secret, secret) },
    { name: "its keys and values", text: JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)]) },
    { name: "an error's message", text: String(new Error(`cannot log in with ${asText}`)) },
    { name: "a copy of its fields", text: JSON.stringify({ ...asRecord }) },
  ])("is not printed by $name", ({ text }) => {
    expect(text).not.toContain(hidden);
  });

  it("says that something was left out", () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      "<redacted>",
      `"<redacted>"`,
      "<redacted>",
    ]);
  });

  it("is given by reveal alone", () => {
    expect(secret.reveal()).toBe(hidden);
  });
});
