import type { Timestamp } from "../../lib/clock.ts";
import type { Capability } from "../../lib/vault-policy.ts";
import { ANSWERS, NO_CONTENT, enveloped, errors, raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { stepDown } from "./leadership.ts";
import { removeMember } from "./membership.ts";
import { metricsPage } from "./metrics-page.ts";
import { healthAnswer, leaderAnswer, sealStatusAnswer } from "./node-answers.ts";
import { autopilotAnswer, configurationAnswer } from "./raft-answers.ts";
import { forgetShares, giveShare, sealNode } from "./sealing.ts";
import type { TokenAccess } from "./token-access.ts";

/** What a route may look at and change. */
export type RouteContext = {
  readonly state: ClusterState;
  readonly node: NodeState;
  readonly access: TokenAccess;
  readonly now: Timestamp;
  readonly token: string | undefined;
  /** Whether the caller forbids forwarding (`X-Vault-No-Request-Forwarding`). */
  readonly forwardingForbidden: boolean;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Route is one path and verb of the API. */
export type Route = {
  readonly method: "GET" | "PUT";
  readonly path: string;
  /** What the token must have; undefined when no token is asked for and a sealed node answers too. */
  readonly needs?: readonly Capability[];
  /**
   * Who answers on a standby: the node itself, the active node on its behalf, or (Vault alone) nobody: it redirects.
   * OpenBao's standbys answer reads from their own copy.
   */
  readonly onStandby?: "local" | "read" | "forwarded" | "redirected-by-vault";
  readonly answer: (context: RouteContext) => SimulatedAnswer;
};

const RAFT = "sys/storage/raft";

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
  { method: "PUT", path: "sys/capabilities-self", needs: ["update"], onStandby: "read", answer: capabilitiesAnswer },
];

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

function metricsAnswer({ state, node, query }: RouteContext): SimulatedAnswer {
  const format = query.get("format") ?? "";
  if (format !== "prometheus") {
    const headers = { "content-type": "text/plain" };
    return { statusCode: 400, headers, body: `metric response format ${JSON.stringify(format)} unknown` };
  }
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return { statusCode: 200, headers, body: metricsPage(state, node) };
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
    accessor: "simulated-accessor",
    creation_time: Math.floor(now / 1000),
    creation_ttl: 0,
    display_name: root ? "root" : "token",
    entity_id: "",
    expire_time: null,
    explicit_max_ttl: 0,
    meta: null,
    num_uses: 0,
    orphan: true,
    path: root ? "auth/token/root" : "auth/token/create",
    policies: root ? ["root"] : ["default", "granted"],
    ttl: 0,
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
