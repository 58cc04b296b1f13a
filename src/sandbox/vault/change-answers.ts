import { ANSWERS, NO_CONTENT, enveloped, errors, raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { Route, RouteContext } from "./route.ts";
import { snapshotArchive } from "./snapshot-archive.ts";

const REVOKE_PREFIX = "sys/leases/revoke-prefix/";

/** What ends tokens and leases, takes audit devices away and gives the whole storage, and where their effects are read. */
export const CHANGE_ROUTES: readonly Route[] = [
  {
    method: "PUT",
    path: "auth/token/revoke-accessor",
    needs: ["update"],
    onStandby: "forwarded",
    answer: revokeAccessorAnswer,
  },
  {
    method: "PUT",
    path: `${REVOKE_PREFIX}*`,
    needs: ["update", "sudo"],
    onStandby: "forwarded",
    answer: revokePrefixAnswer,
  },
  { method: "GET", path: "sys/leases", needs: ["read", "sudo"], onStandby: "read", answer: irrevocableAnswer },
  {
    method: "DELETE",
    path: "sys/audit/+",
    needs: ["delete", "sudo"],
    onStandby: "forwarded",
    answer: disableAuditAnswer,
  },
  {
    method: "GET",
    path: "sys/config/state/sanitized",
    needs: ["read"],
    onStandby: "read",
    answer: ({ state }) => enveloped(declared(state) === undefined ? {} : { audits: declared(state) }),
  },
  {
    method: "GET",
    path: "sys/storage/raft/snapshot",
    needs: ["read"],
    onStandby: "redirected-by-vault",
    answer: ({ state }) => ({
      statusCode: 200,
      headers: { "content-type": "application/gzip" },
      body: snapshotArchive(state.index),
    }),
  },
];

/** An accessor that nobody has is answered well, with a warning. */
function revokeAccessorAnswer({ access, body }: RouteContext): SimulatedAnswer {
  const { accessor } = body;
  if (typeof accessor !== "string" || accessor === "") return errors(400, "missing accessor");
  const token = access.tokenOf(accessor);
  if (token === undefined) {
    const answer = enveloped(null);
    const warnings = ["No token found with this accessor"];
    return raw({ ...(answer.body as Record<string, unknown>), warnings });
  }
  access.withdraw(token);
  return NO_CONTENT;
}

/** All at once; a real server takes its time. */
function revokePrefixAnswer({ state, path, body }: RouteContext): SimulatedAnswer {
  if (path.endsWith("/")) return errors(400, "cannot write to a path ending in '/'");
  const prefix = `${decodeURIComponent(path.slice(REVOKE_PREFIX.length))}/`;
  const held = state.leases.ids ?? [];
  const ids = held.filter((id) => !id.startsWith(prefix));
  state.leases = { ...state.leases, ids, total: state.leases.total - (held.length - ids.length) };
  return body["sync"] === false ? { ...enveloped(null), statusCode: 202 } : NO_CONTENT;
}

function irrevocableAnswer({ query }: RouteContext): SimulatedAnswer {
  return query.get("type") === "irrevocable" ? enveloped({ lease_count: 0, leases: [] }) : ANSWERS.nothing;
}

/** OpenBao's devices stand in its configuration file, and the API does not touch these; one that is not there is answered well. */
function disableAuditAnswer({ state, path }: RouteContext): SimulatedAnswer {
  const device = `${path.slice(path.lastIndexOf("/") + 1)}/`;
  if (!state.system.auditDevices.includes(device)) return NO_CONTENT;
  if (state.settings.product === "openbao") return errors(400, "cannot disable configuration-managed audit device");
  state.system.auditDevices = state.system.auditDevices.filter((each) => each !== device);
  return NO_CONTENT;
}

function declared({ settings, system }: RouteContext["state"]) {
  if (settings.product === "vault") return undefined;
  return system.auditDevices.map((path) => ({ description: "", path, type: "file" }));
}
