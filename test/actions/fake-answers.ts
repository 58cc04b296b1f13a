import type { Json } from "../../src/lib/json.ts";

/** What a fake node answers where an action reads an endpoint as data. An action that reads another adds its line here. */
const ANSWERS: Readonly<Record<string, (question: Json | undefined) => unknown>> = {
  "sys/audit": () => ({
    data: { "file/": { type: "file", options: { file_path: "audit.log" } }, "socket/": { type: "socket" } },
  }),
  "sys/config/state/sanitized": () => ({ data: { audits: [] } }),
  "auth/token/lookup-self": () => ({
    data: { accessor: "own1", path: "auth/token/create", ttl: 3600, expire_time: null },
  }),
  "sys/generate-root-token/attempt": () => ({ data: { started: false, required: 2 } }),
  "sys/rotate/root/init": () => ({ data: { started: false, required: 2 } }),
  "sys/leases": () => ({ data: { leases: [] } }),
  "sys/quotas/rate-limit": () => ({ data: { keys: ["everybody"] } }),
  "sys/key-status": () => ({ data: { term: 3, install_time: "2026-01-01T00:00:00Z", encryptions: 12 } }),
  "sys/in-flight-req": () => ({
    "1a2b": { start_time: "2026-01-01T00:00:00Z", request_path: "/v1/sys/in-flight-req", client_id: "own" },
  }),
  "sys/host-info": () => ({
    data: {
      cpu_times: [{ user: 10, system: 5, idle: 80, iowait: 1 }],
      disk: [{ path: "/", usedPercent: 30 }],
      memory: { total: 8_000_000_000, available: 6_000_000_000, swaptotal: 0, swapfree: 0 },
    },
  }),
  "sys/mounts": () => ({ data: { "database/": { accessor: "database_1a2b3c4d" } } }),
  "sys/auth": () => ({ data: { "userpass/": { accessor: "auth_userpass_1a2b3c4d" } } }),
  "sys/capabilities-self": (question) => ({
    data: Object.fromEntries((question as { paths: string[] }).paths.map((path) => [path, ["read"]])),
  }),
  "sys/leases/lookup": () => ({
    data: { issue_time: "2026-01-01T00:00:00Z", expire_time: "2026-01-01T01:00:00Z", ttl: 3600, renewable: true },
  }),
  "auth/token/lookup-accessor": () => ({
    data: {
      display_name: "token",
      path: "auth/token/create",
      policies: ["default"],
      type: "service",
      ttl: 3600,
      id: "",
    },
  }),
  "sys/quotas/rate-limit/everybody": () => ({ data: { rate: 100, interval: 1, path: "" } }),
};

const STREAMS: Readonly<Record<string, string>> = {
  "sys/metrics": "# TYPE vault_expire_num_leases gauge\nvault_expire_num_leases 120\n",
  "sys/leases/lookup/auth/userpass/": JSON.stringify({ data: { keys: ["login/"] } }),
  "sys/leases/lookup/auth/userpass/login/": JSON.stringify({ data: { keys: ["alice/"] } }),
  "sys/leases/lookup/database/": JSON.stringify({ data: { keys: ["creds/"] } }),
  "sys/leases/lookup/database/creds/": JSON.stringify({ data: { keys: ["readonly/"] } }),
  "sys/leases/lookup/database/creds/readonly/": JSON.stringify({ data: { keys: ["r1", "r2", "r3"] } }),
  "sys/leases/lookup/auth/userpass/login/alice/": JSON.stringify({ data: { keys: ["h1", "h2"] } }),
};

/** The answer of a fake node to a read; an endpoint that nobody answers for is an error of the test. */
export function fakeAnswer(path: string, question: Json | undefined): unknown {
  const answer = ANSWERS[path];
  if (answer === undefined) throw new Error(`no fake node answers ${path}; give it an answer in fake-answers.ts`);
  return answer(question);
}

/** The bytes of a fake node's answer to a streamed read, in pieces of seven bytes. */
export async function* fakeStream(path: string, own?: string): AsyncGenerator<Uint8Array> {
  const text = own === undefined || own === "usual" ? STREAMS[path] : own;
  if (text === undefined) throw new Error(`no fake node streams ${path}; give it an answer in fake-answers.ts`);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 7) yield await Promise.resolve(bytes.subarray(at, at + 7));
}
