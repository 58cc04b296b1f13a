import { describe, expect, it } from "@jest/globals";
import { findSecret } from "../../../src/lib/redact.ts";
import { rotation, secretRefusal } from "../../../src/slack/secret-refusal.ts";

/** One made-up text of every kind that is redacted. */
const samples = [
  "hvs.CAESIJ3Jv1canary0made0up0token9",
  "xoxb-000000000000-made-up-canary",
  "https://hooks.slack.com/services/T00000000/B00000000/canary",
  "-----BEGIN PRIVATE KEY-----\nMIIEcanary\n-----END PRIVATE KEY-----",
  "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
  "5f3a9c0b".repeat(8),
];

describe("what people are told about a secret", () => {
  it.each(samples)("names the way to make it worthless (%#)", (text) => {
    const kind = findSecret(text) ?? "";
    expect(rotation(kind)).not.toBe(rotation("something nobody heard of"));
    expect(secretRefusal(kind)).toContain(`That looks like a ${kind}`);
    expect(secretRefusal(kind)).not.toContain(text);
  });

  it.each(samples)("fits where a form shows it (%#)", (text) => {
    expect(secretRefusal(findSecret(text) ?? "").length).toBeLessThan(500);
  });
});
