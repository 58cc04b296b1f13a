import { html, type Html } from "../../lib/html.ts";
import type { ClusterState, NodeState, NodeStatus } from "../cluster-state.ts";
import { inline } from "../prose.ts";
import { clockTag } from "../time-tag.ts";

const WORDS: Readonly<Record<NodeStatus, { readonly word: string; readonly tone: string }>> = {
  active: { word: "active", tone: "ok" },
  standby: { word: "standby", tone: "ok" },
  sealed: { word: "sealed", tone: "bad" },
  uninitialized: { word: "not initialised", tone: "bad" },
  removed: { word: "removed", tone: "bad" },
  unreachable: { word: "unreachable", tone: "bad" },
  unknown: { word: "unknown", tone: "warn" },
};

/** Shows the nodes of a cluster as they are now; `marked` is the node that the page is about. */
export function clusterPanel(state: ClusterState, marked?: string): Html {
  return html`<p>${summary(state.nodes)}</p>
    <ul class="rows">${state.nodes.map((node) => nodeRow(node, node.name === marked))}</ul>
    <p class="soft">Read from the nodes themselves, without a token, at ${clockTag(state.readAt, state.readAt)}.</p>`;
}

/** Says how a cluster is in one sentence. */
function summary(nodes: readonly NodeState[]): Html {
  const count = (...statuses: readonly NodeStatus[]) => nodes.filter(({ status }) => statuses.includes(status)).length;
  const active = nodes.filter(({ status }) => status === "active").map(({ name }) => name);
  const serving = html`${count("active", "standby")} of ${nodes.length} nodes are unsealed`;
  if (active.length === 1) return html`${serving}; <b>${active[0]}</b> is active.`;
  if (active.length > 1)
    return html`${serving}; <b>${active.join(" and ")}</b> both call themselves active: an election, or a split.`;
  return html`<b>No node is active.</b> ${serving}, ${count("sealed")} sealed, ${count("unreachable")} unreachable.`;
}

function nodeRow({ name, address, status, detail, version }: NodeState, marked: boolean): Html {
  const { word, tone } = WORDS[status];
  return html`<li ${marked && html`class="now"`}>
    <div class="row"><b>${name}</b><span class="chip ${tone}">${word}</span>
      <span class="grow soft">${detail !== undefined && inline(detail)}</span>
      <span class="soft">${address}${version !== "" && ` · ${version}`}</span></div>
  </li>`;
}
