import { z } from "zod";
import { Interval } from "../../runbook/schema.ts";
import { BaseUrl } from "./base-url.ts";
import { SecretSource } from "./secret.ts";

/** Prometheus is the server that the checks of runbooks ask (`prometheus.query`, `prometheus.query-range`). */
export const Prometheus = z.strictObject({
  url: BaseUrl.describe("Its address, with the path in front of `/api` if there is one; Thanos and Mimir do as well."),
  token: SecretSource.optional().describe("Bearer token that is sent with every query."),
  caFile: z.string().min(1).optional().describe("PEM file of the certificate authority; default: the system's."),
  timeout: Interval.prefault("5s").describe("How long one query may take."),
});
export type Prometheus = z.infer<typeof Prometheus>;
