import { ANSWERS, enveloped } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { ClusterState } from "./cluster-state.ts";
import type { Route, RouteContext } from "./route.ts";

const LOOKUP = "sys/leases/lookup/";

/** Every simulated cluster has these mounts. */
const SECRETS_ENGINES = ["cubbyhole", "database", "identity", "secret", "sys"];

/** Tells whether a path lies at or below one of the mounts. */
export function isMounted({ system: { authMethods } }: ClusterState, path: string): boolean {
  const [root = "", method = ""] = path.split("/");
  return root === "auth" ? authMethods.includes(method) : SECRETS_ENGINES.includes(root);
}

/** Where leases are listed, and the mounts that they are of. */
export const LEASE_ROUTES: readonly Route[] = [
  { method: "GET", path: `${LOOKUP}*`, needs: ["list", "sudo"], onStandby: "read", answer: leaseListAnswer },
  {
    method: "GET",
    path: "sys/mounts",
    needs: ["read"],
    onStandby: "read",
    answer: () => tableAnswer(SECRETS_ENGINES, ""),
  },
  {
    method: "GET",
    path: "sys/auth",
    needs: ["read"],
    onStandby: "read",
    answer: ({ state }) => tableAnswer(state.system.authMethods, "auth_"),
  },
];

/** The names one level below the prefix, and Vault's 404 when there is none. */
function leaseListAnswer({ state, path, query }: RouteContext): SimulatedAnswer {
  if (query.get("list") !== "true") return ANSWERS.unsupported;
  const prefix = path.slice(LOOKUP.length);
  const below = (state.leases.ids ?? []).filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  const names = below.map((rest) => rest.slice(0, rest.indexOf("/") + 1) || rest);
  return names.length === 0 ? ANSWERS.nothing : enveloped({ keys: [...new Set(names)].sort() });
}

/** Vault repeats the content of `data` at the top of these answers. */
function tableAnswer(types: readonly string[], accessorPrefix: string): SimulatedAnswer {
  const table = Object.fromEntries(
    types.map((type) => [`${type}/`, { type, accessor: `${accessorPrefix}${type}_1a2b3c4d`, local: false }]),
  );
  const answer = enveloped(table);
  return { ...answer, body: { ...table, ...(answer.body as Record<string, unknown>) } };
}
