import { z } from "zod";
import { Interval } from "../../runbook/schema.ts";

/** ProbedUrl is an http(s) address with no user and password in it: a probe sends no secret. */
const ProbedUrl = z.url({ protocol: /^https?$/u }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}, "an address without user and password: a probe sends no secret");

/** Probe is a URL that runbooks may ask by its name (`http.probe`). No token is ever sent, and no redirect followed. */
export const Probe = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/u, "a lower-case name")
    .describe("What runbooks call it."),
  url: ProbedUrl.describe("What is asked with a GET."),
  caFile: z.string().min(1).optional().describe("PEM file of the certificate authority; default: the system's."),
  timeout: Interval.prefault("3s").describe("How long its answer may take."),
});
export type Probe = z.infer<typeof Probe>;
