import { ANSWERS, NO_CONTENT, enveloped, errors, raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import { CHANGE_ROUTES } from "./change-answers.ts";
import { stepDown } from "./leadership.ts";
import { LEASE_ROUTES } from "./lease-answers.ts";
import { loginAnswer, renewSelfAnswer, revokeSelfAnswer } from "./login-answers.ts";
import { LOAD_ROUTES } from "./load-answers.ts";
import { LOOKUP_ROUTES } from "./lookup-answers.ts";
import { removeMember } from "./membership.ts";
import { metricsPage } from "./metrics-page.ts";
import { healthAnswer, leaderAnswer, sealStatusAnswer } from "./node-answers.ts";
import { autopilotAnswer, configurationAnswer } from "./raft-answers.ts";
import type { Route, RouteContext } from "./route.ts";
import { forgetShares, giveShare, sealNode } from "./sealing.ts";
import { SYSTEM_ROUTES } from "./system-answers.ts";

const RAFT = "sys/storage/raft";
const DAY_MS = 86_400_000;

/** Every path that a simulated node knows; POST is PUT, and anything else is Vault's 404. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: "sys/health", answer: ({ state, node, now }) => healthAnswer(state, node, now) },
  { method: "GET", path: "sys/seal-status", answer: ({ state, node }) => sealStatusAnswer(state, node) },
  {
    method: "GET",
    path: "sys/leader",
    answer: ({ state, node }) => (node.sealed ? ANSWERS.sealed : leaderAnswer(state, node)),
  },
  { method: "GET", path: "sys/init", answer: ({ node }) => raw({ initialized: node.initialized }) },
  { method: "PUT", path: "sys/unseal", answer: unsealAnswer },
  { method: "PUT", path: "sys/seal", needs: ["update", "sudo"], onStandby: "local", answer: sealAnswer },
  {
    method: "PUT",
    path: "sys/step-down",
    needs: ["update", "sudo"],
    onStandby: "forwarded",
    answer: ({ state, now }) => {
      stepDown(state, now);
      return NO_CONTENT;
    },
  },
  { method: "GET", path: "sys/metrics", needs: ["read"], onStandby: "redirected-by-vault", answer: metricsAnswer },
  {
    method: "GET",
    path: `${RAFT}/configuration`,
    needs: ["read"],
    onStandby: "read",
    answer: ({ state, now }) => configurationAnswer(state, now),
  },
  {
    method: "GET",
    path: `${RAFT}/autopilot/state`,
    needs: ["read"],
    onStandby: "forwarded",
    answer: ({ state, now }) => autopilotAnswer(state, now),
  },
  { method: "PUT", path: `${RAFT}/remove-peer`, needs: ["update"], onStandby: "forwarded", answer: removePeerAnswer },
  { method: "GET", path: "sys/leases/count", needs: ["read"], onStandby: "read", answer: leaseCountAnswer },
  { method: "GET", path: "auth/token/lookup-self", needs: ["read"], onStandby: "read", answer: lookupSelfAnswer },
  login("approle"),
  login("kubernetes"),
  login("jwt"),
  { method: "PUT", path: "auth/token/renew-self", needs: ["update"], onStandby: "forwarded", answer: renewSelfAnswer },
  {
    method: "PUT",
    path: "auth/token/revoke-self",
    needs: ["update"],
    onStandby: "forwarded",
    answer: revokeSelfAnswer,
  },
  ...SYSTEM_ROUTES,
  ...LEASE_ROUTES,
  ...LOAD_ROUTES,
  ...LOOKUP_ROUTES,
  ...CHANGE_ROUTES,
  { method: "PUT", path: "sys/capabilities-self", needs: ["update"], onStandby: "read", answer: capabilitiesAnswer },
];

/** A login needs no token, and a sealed node or a cluster without a leader takes none: it writes. */
function login(mount: "approle" | "kubernetes" | "jwt"): Route {
  return {
    method: "PUT",
    path: `auth/${mount}/login`,
    answer: (context) => {
      if (context.node.sealed) return ANSWERS.sealed;
      return context.state.leader === undefined ? ANSWERS.noLeader : loginAnswer(mount, context);
    },
  };
}

function unsealAnswer({ state, node, body }: RouteContext): SimulatedAnswer {
  if (!node.initialized) return errors(400, "Vault is not initialized");
  if (body["reset"] === true) {
    forgetShares(node);
    return sealStatusAnswer(state, node);
  }
  const { key } = body;
  if (typeof key !== "string" || key === "") {
    return errors(400, "'key' must be specified in request body as JSON, or 'reset' set to true");
  }
  if (Buffer.from(key, "base64").length < 16) return errors(400, "invalid key: key is shorter than minimum 16 bytes");
  switch (giveShare(state, node, key)) {
    case "wrong-keys":
      return errors(
        400,
        "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: cipher: message authentication failed",
      );
    case "kms-unavailable":
      return errors(
        500,
        "unable to retrieve stored keys: failed to decrypt keys from storage: the seal is unavailable",
      );
    default:
      return sealStatusAnswer(state, node);
  }
}

function sealAnswer({ state, node }: RouteContext): SimulatedAnswer {
  if (state.settings.product === "vault" && state.leader !== node.name) {
    return errors(500, "vault cannot seal when in standby mode; please restart instead");
  }
  sealNode(node);
  return NO_CONTENT;
}

function metricsAnswer({ state, node, query, now }: RouteContext): SimulatedAnswer {
  const format = query.get("format") ?? "";
  if (format !== "prometheus") {
    const headers = { "content-type": "text/plain" };
    return { statusCode: 400, headers, body: `metric response format ${JSON.stringify(format)} unknown` };
  }
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return { statusCode: 200, headers, body: metricsPage(state, node, now) };
}

function removePeerAnswer({ state, body, now }: RouteContext): SimulatedAnswer {
  const { server_id: raftNodeId } = body;
  if (typeof raftNodeId !== "string" || raftNodeId === "") return errors(400, "no server id provided");
  removeMember(state, raftNodeId, now);
  return NO_CONTENT;
}

function leaseCountAnswer({ state, query }: RouteContext): SimulatedAnswer {
  if (query.get("type") !== "irrevocable") return ANSWERS.nothing;
  const counts = state.leases.irrevocable;
  return enveloped({ counts, lease_count: Object.values(counts).reduce((sum, count) => sum + count, 0) });
}

function lookupSelfAnswer({ access, token, now }: RouteContext): SimulatedAnswer {
  const root = access.capabilities(token, "sys/health")?.[0] === "root";
  return enveloped({
    id: token,
    accessor: token === undefined ? "" : access.accessorOf(token),
    creation_time: Math.floor(now / 1000),
    creation_ttl: 0,
    display_name: root ? "root" : "token",
    entity_id: "",
    // As a periodic token's: renewed for a day again and again. A root token's answer has no "renewable".
    ...(root
      ? { expire_time: null, ttl: 0 }
      : { expire_time: new Date(now + DAY_MS).toISOString(), ttl: DAY_MS / 1000, renewable: true }),
    explicit_max_ttl: 0,
    meta: null,
    num_uses: 0,
    orphan: true,
    path: root ? "auth/token/root" : "auth/token/create",
    policies: root ? ["root"] : ["default", "granted"],
    type: "service",
  });
}

function capabilitiesAnswer({ access, token, body }: RouteContext): SimulatedAnswer {
  const paths = Array.isArray(body["paths"]) ? body["paths"].map(String) : [];
  const held = Object.fromEntries(paths.map((path) => [path, access.capabilities(token, path)]));
  const answer = enveloped(held);
  // Vault repeats the content of `data` at the top of this answer.
  return { ...answer, body: { ...held, ...(answer.body as Record<string, unknown>) } };
}
