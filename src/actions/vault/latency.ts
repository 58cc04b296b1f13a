import { z } from "zod";
import { defineCheck } from "../action.ts";
import { diagnose } from "../latency-diagnosis.ts";
import { measureLatency } from "../latency-measure.ts";
import { resultOf } from "../latency-result.ts";

/**
 * Measures for some seconds what a cluster spends its time on, and says which cause that is. Reads the server's own metrics twice, and asks
 * small things in between; that the metrics hang is a result too. Everything about the active node, but what is said of followers.
 */
export const latency = defineCheck({
  name: "vault.latency",
  summary: "Measure for some seconds what requests wait for, and say why",
  input: z.strictObject({}),
  output: z.object({
    /** Who leads, and was measured. */
    node: z.string(),
    /** `healthy`; `unknown` when requests are slow and no number explains it. */
    cause: z.enum(["healthy", "audit", "storage", "network", "leases", "client", "kms", "memory", "unknown"]),
    /** Which part of the requests' time it explains, or how sure it is, from 0 to 1. */
    score: z.number(),
    /** One sentence without an end, with the numbers. */
    reason: z.string(),
    /** The other causes that were found, the likeliest first, in words; empty when there is none. */
    others: z.string(),
    causes: z.array(z.object({ cause: z.string(), score: z.number(), reason: z.string() })),
    /** The slowness is the leader's alone. */
    local: z.boolean(),
    /** An unsealed follower that answers fast; empty when none does, and where standbys answer nothing themselves (HashiCorp's). */
    fast_follower: z.string(),
    /** `read`; `unanswered`: they did not come within 2 s; `refused`: no telemetry, or something else than the server answers. */
    metrics: z.enum(["read", "unanswered", "refused"]),
    seconds: z.number(),
    requests_per_second: z.number(),
    /** Averages in milliseconds; 0 when nothing of it happened, and without metrics. */
    request_ms: z.number(),
    audit_ms: z.number(),
    commit_ms: z.number(),
    disk_ms: z.number(),
    storage_read_ms: z.number(),
    storage_write_ms: z.number(),
    seal_ms: z.number(),
    /** Our own requests: the middle one of those that were answered, and how many of the authenticated were not. */
    health_ms: z.number(),
    read_ms: z.number(),
    unanswered: z.int(),
    leases: z.number(),
    leases_per_second: z.number(),
    revocations_waiting: z.number(),
    /** Requests being served at a time, without our own; -1 when they could not be seen. */
    at_once: z.number(),
    oldest_ms: z.number(),
    /** The client with most of them, opaque; empty when there is none. */
    client: z.string(),
    client_percent: z.number(),
    /** The mount that it asks most, how many requests are answered there in a second (0: not told), and a tenth of that, at least 10. */
    client_mount: z.string(),
    mount_per_second: z.number(),
    mount_limit: z.number(),
    goroutines: z.number(),
    heap_megabytes: z.number(),
    resident_megabytes: z.number(),
    gc_percent: z.number(),
    /** Of the leader's machine; -1 where it is not told. */
    cpu_percent: z.number(),
    io_wait_percent: z.number(),
    memory_left_percent: z.number(),
    fullest_disk: z.string(),
    fullest_disk_percent: z.number(),
    /** The numbers in one line, for people. */
    numbers: z.string(),
  }),
  policy: [
    { path: "auth/token/lookup-self", capabilities: ["read"] },
    { path: "sys/host-info", capabilities: ["read"] },
    { path: "sys/in-flight-req", capabilities: ["read"] },
    { path: "sys/metrics", capabilities: ["read"] },
    { path: "sys/mounts", capabilities: ["read"] },
  ],
  read: async (context) => {
    const { leader, facts } = await measureLatency(context);
    return resultOf(leader.name, facts, diagnose(facts));
  },
});
