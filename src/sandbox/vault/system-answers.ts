import { randomBytes, randomUUID } from "node:crypto";
import { ANSWERS, NO_CONTENT, enveloped, errors, raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { Route, RouteContext } from "./route.ts";
import { unsealsItself } from "./sealing.ts";
import { isMounted } from "./lease-answers.ts";
import type { Ceremony } from "./system-state.ts";

const OTP_LENGTH = 26;
const QUOTAS = "sys/quotas/rate-limit";

/** The paths of the audit devices, the keyring, the key ceremonies, the quotas and Vault's own of seal and replication. */
export const SYSTEM_ROUTES: readonly Route[] = [
  { method: "GET", path: "sys/audit", needs: ["read", "sudo"], onStandby: "read", answer: auditAnswer },
  { method: "GET", path: "sys/key-status", needs: ["read"], onStandby: "read", answer: keyStatusAnswer },
  { method: "PUT", path: "sys/rotate", needs: ["update", "sudo"], onStandby: "forwarded", answer: rotateAnswer },
  { method: "GET", path: `${QUOTAS}/`, needs: ["list"], onStandby: "read", answer: quotasAnswer },
  { method: "GET", path: `${QUOTAS}/+`, needs: ["read"], onStandby: "read", answer: quotaAnswer },
  { method: "PUT", path: `${QUOTAS}/+`, needs: ["update"], onStandby: "forwarded", answer: writeQuotaAnswer },
  { method: "DELETE", path: `${QUOTAS}/+`, needs: ["delete"], onStandby: "forwarded", answer: deleteQuotaAnswer },
  { method: "GET", path: "sys/quotas/config", needs: ["read"], onStandby: "read", answer: quotaConfigAnswer },
  ...ceremonyRoutes("sys/generate-root-token/attempt", "rootGeneration", rootGenerationAnswer),
  ...ceremonyRoutes("sys/rotate/root/init", "rekey", rekeyAnswer),
  {
    method: "GET",
    path: "sys/rotate/recovery/init",
    needs: ["read"],
    onStandby: "read",
    answer: ({ state }) =>
      unsealsItself(state)
        ? enveloped({ n: 0, required: state.settings.threshold, started: false, t: 0 })
        : errors(400, "unable to look up config: %!w(*errors.errorString=&{recovery not supported})"),
  },
  vaultOnly("sys/generate-root/attempt", errors(405, "unsupported operation"), (context) =>
    raw(rootGeneration(context)),
  ),
  vaultOnly("sys/rekey/init", errors(405, "unsupported operation"), (context) => raw(rekey(context))),
  vaultOnly("sys/rekey-recovery-key/init", errors(404, "unsupported path"), (context) =>
    unsealsItself(context.state) ? raw(rekey(context)) : errors(400, "recovery rekeying not supported"),
  ),
  vaultOnly("sys/seal-backend-status", ANSWERS.badToken, ({ state }) =>
    raw({ healthy: state.kmsAvailable, backends: [{ name: state.settings.sealType, healthy: state.kmsAvailable }] }),
  ),
  vaultOnly("sys/replication/status", errors(404, "unsupported path"), () => enveloped({ mode: "disabled" })),
];

/** A path that needs no token, which only Vault has. */
function vaultOnly(path: string, openbao: SimulatedAnswer, vault: Route["answer"]): Route {
  const answer: Route["answer"] = (context) => {
    if (context.node.sealed) return ANSWERS.sealed;
    return context.state.settings.product === "vault" ? vault(context) : openbao;
  };
  return { method: "GET", path, answer };
}

/** Reading, starting and cancelling a ceremony, with a token: as OpenBao does. */
function ceremonyRoutes(path: string, kind: "rootGeneration" | "rekey", read: Route["answer"]): readonly Route[] {
  const start: Route["answer"] = (context) => {
    const { shares, threshold } = asked(context);
    context.state.system[kind] = { nonce: randomUUID(), shares, threshold };
    const answer = read(context);
    if (kind === "rekey") return answer;
    const otp = randomBytes(OTP_LENGTH).toString("base64url").slice(0, OTP_LENGTH);
    return enveloped({ ...rootGeneration(context), otp });
  };
  const cancel: Route["answer"] = ({ state }) => {
    state.system[kind] = undefined;
    return NO_CONTENT;
  };
  return [
    { method: "GET", path, needs: ["read"], onStandby: kind === "rekey" ? "read" : "forwarded", answer: read },
    { method: "PUT", path, needs: ["update"], onStandby: "forwarded", answer: start },
    { method: "DELETE", path, needs: ["delete"], onStandby: "forwarded", answer: cancel },
  ];
}

function asked({ body, state }: RouteContext): Omit<Ceremony, "nonce"> {
  const { shares, threshold } = state.settings;
  return { shares: Number(body["secret_shares"] ?? shares), threshold: Number(body["secret_threshold"] ?? threshold) };
}

function rootGenerationAnswer(context: RouteContext): SimulatedAnswer {
  return enveloped(rootGeneration(context));
}

function rootGeneration({ state }: RouteContext): Record<string, unknown> {
  const { rootGeneration: started } = state.system;
  return {
    complete: false,
    ...(started === undefined ? {} : { nonce: started.nonce, pgp_fingerprint: "" }),
    otp: "",
    otp_length: OTP_LENGTH,
    progress: 0,
    required: state.settings.threshold,
    started: started !== undefined,
  };
}

function rekeyAnswer(context: RouteContext): SimulatedAnswer {
  return enveloped(rekey(context));
}

/** A rekey is kept in the active node's memory; a standby that answers by itself knows of none. */
function rekey({ state, node }: RouteContext): Record<string, unknown> {
  const started = state.leader === node.name ? state.system.rekey : undefined;
  const required = state.settings.threshold;
  if (started === undefined) return { n: 0, required, started: false, t: 0 };
  const { nonce, shares: n, threshold: t } = started;
  return { n, nonce, progress: 0, required, started: true, t, verification_nonce: "", verification_required: false };
}

function auditAnswer({ state }: RouteContext): SimulatedAnswer {
  const device = (path: string) => ({
    description: "",
    local: false,
    options: { file_path: `audit-${path.replace("/", "")}.log` },
    path,
    type: "file",
  });
  return doubled(Object.fromEntries(state.system.auditDevices.map((path) => [path, device(path)])));
}

function keyStatusAnswer({ state }: RouteContext): SimulatedAnswer {
  const { term, installedAt, encryptions } = state.system.keyring;
  return doubled({ encryptions, install_time: new Date(installedAt).toISOString(), term });
}

function rotateAnswer({ state, now }: RouteContext): SimulatedAnswer {
  state.system.keyring = { term: state.system.keyring.term + 1, installedAt: now, encryptions: 1 };
  return NO_CONTENT;
}

function quotasAnswer({ state }: RouteContext): SimulatedAnswer {
  const keys = [...state.system.quotas.keys()];
  return keys.length === 0 ? ANSWERS.nothing : enveloped({ keys });
}

function quotaAnswer({ state, path }: RouteContext): SimulatedAnswer {
  const name = nameIn(path);
  const quota = state.system.quotas.get(name);
  if (quota === undefined) return ANSWERS.nothing;
  return enveloped({ block_interval: 0, inheritable: true, ...quota, name, role: "", type: "rate-limit" });
}

function writeQuotaAnswer({ state, path, body }: RouteContext): SimulatedAnswer {
  const rate = Number(body["rate"]);
  if (!(rate > 0)) return errors(400, "'rate' is invalid");
  const { interval: text } = body;
  const interval = typeof text === "string" ? Number.parseInt(text, 10) : 1;
  const limited = typeof body["path"] === "string" ? body["path"] : "";
  if (limited !== "" && !isMounted(state, limited)) return errors(400, `invalid mount path ${JSON.stringify(limited)}`);
  state.system.quotas.set(nameIn(path), { rate, interval, path: limited });
  return NO_CONTENT;
}

function deleteQuotaAnswer({ state, path }: RouteContext): SimulatedAnswer {
  state.system.quotas.delete(nameIn(path));
  return NO_CONTENT;
}

function quotaConfigAnswer(): SimulatedAnswer {
  return enveloped({
    enable_rate_limit_audit_logging: false,
    enable_rate_limit_response_headers: false,
    rate_limit_exempt_paths: [
      "sys/generate-recovery-token/attempt",
      "sys/generate-recovery-token/update",
      "sys/generate-root/attempt",
      "sys/generate-root/update",
      "sys/health",
      "sys/seal-status",
      "sys/unseal",
    ],
  });
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Vault repeats the content of `data` at the top of some answers. */
function doubled(data: Record<string, unknown>): SimulatedAnswer {
  const answer = enveloped(data);
  return { ...answer, body: { ...data, ...(answer.body as Record<string, unknown>) } };
}
