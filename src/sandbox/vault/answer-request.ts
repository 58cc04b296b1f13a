import { ANSWERS, NO_CONTENT, errors } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import { leaderSeenBy } from "./cluster-state.ts";
import { ROUTES } from "./routes.ts";
import type { Route, RouteContext } from "./routes.ts";

/** Answers a request to one node: the seal first, then the token, then who is to answer, then the route. */
export function answerRequest(method: string, path: string, context: RouteContext): SimulatedAnswer {
  const { state, node } = context;
  const verb = method === "POST" ? "PUT" : method;
  const route = ROUTES.find((each) => each.path === path && each.method === verb);
  const tokenFree = ROUTES.some((each) => each.path === path && each.needs === undefined);
  if (tokenFree) return route?.answer(context) ?? { statusCode: 405 };
  const refusal = refuse(path, route, context);
  if (refusal !== undefined) return refusal;
  if (route === undefined) return path.startsWith("sys/") ? ANSWERS.unsupported : noHandler(path);
  return state.leader === node.name ? route.answer(context) : answerOnStandby(route, context);
}

function refuse(
  path: string,
  route: Route | undefined,
  { node, access, token }: RouteContext,
): SimulatedAnswer | undefined {
  // A sealed node takes `sys/seal` from anyone: there is nothing left to do.
  if (node.sealed) return route?.path === "sys/seal" ? NO_CONTENT : ANSWERS.sealed;
  if (access.capabilities(token, path) === undefined) return ANSWERS.badToken;
  return access.allows(token, path, route?.needs ?? ["read"]) ? undefined : ANSWERS.denied;
}

function answerOnStandby(route: Route, context: RouteContext): SimulatedAnswer {
  const { state, node } = context;
  const vault = state.settings.product === "vault";
  const local =
    route.onStandby === "local" ||
    (!vault && (route.onStandby === "read" || route.onStandby === "redirected-by-vault"));
  if (local) return route.answer(context);
  const leader = leaderSeenBy(state, node);
  if (leader === undefined) return ANSWERS.noLeader;
  // Forwarding to a leader that is gone fails, and then the standby redirects to it.
  if (route.onStandby === "redirected-by-vault" || context.forwardingForbidden || state.leader === undefined) {
    return { statusCode: 307, headers: { location: `${leader.address}/v1/${route.path}` } };
  }
  return route.answer({ ...context, node: leader });
}

function noHandler(path: string): SimulatedAnswer {
  return errors(404, `no handler for route ${JSON.stringify(path)}. route entry not found.`);
}
