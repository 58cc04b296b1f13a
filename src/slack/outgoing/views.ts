import type { webApi } from "@slack/bolt";
import type { Outgoing } from "../outgoing.ts";
import { clean } from "../render/clean.ts";
import { fitHome, fitView } from "../render/limits.ts";
import type { Counted } from "./counting.ts";

/** What views need: somebody waits for a modal, nobody for their Home. */
export type ViewClients = {
  readonly interactive: webApi.WebClient;
  readonly background: webApi.WebClient;
  readonly counted: Counted;
};

/** Makes the calls behind modals and Home. */
export function viewCalls({
  interactive,
  background,
  counted,
}: ViewClients): Pick<Outgoing, "openView" | "updateView" | "publishHome"> {
  return {
    openView: async (trigger_id, wanted) => {
      const view = fitView(clean(wanted));
      const answer = await counted("views.open", async () => await interactive.views.open({ trigger_id, view }));
      return { id: answer.view?.id ?? "", hash: answer.view?.hash ?? "" };
    },
    updateView: async ({ id: view_id, hash }, wanted) => {
      const view = fitView(clean(wanted));
      const known = hash === "" ? {} : { hash };
      await counted("views.update", async () => await interactive.views.update({ view_id, ...known, view }));
    },
    publishHome: async (user_id, wanted) => {
      const view = fitHome(clean(wanted));
      await counted("views.publish", async () => await background.views.publish({ user_id, view }));
    },
  };
}
