/* What every part of the page may ask: the state, whose eyes it is seen with, and doing things. */

const params = new URLSearchParams(location.search);

/** Where the reader is. `channel` may be "home", the app's own page. */
export const here = {
  as: params.get("as") ?? "",
  channel: params.get("channel") ?? undefined,
  thread: params.get("thread") ?? undefined,
  state: undefined,
};

/** Makes the shell; `draw` draws everything anew, `toast` says a sentence. */
export function createShell({ draw, toast, openThread }) {
  const act = async (what) => {
    const answer = await fetch("/page/act", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as: here.as, ...what }),
    });
    const text = await answer.text();
    if (!answer.ok) return toast(text);
    const result = JSON.parse(text);
    // Slack tells nobody that an event was not taken.
    if (result.outcome === "dispatch_failed" && what.act !== "home")
      toast("sealwatch did not answer within 3 seconds (dispatch_failed)");
    return result;
  };
  const names = () => {
    const { users, groups, channels } = here.state;
    const named = [
      ...users.map(({ id, name }) => [id, name]),
      ...groups.map(({ id, handle }) => [id, handle]),
      ...channels.map(({ id, name }) => [id, name]),
    ];
    return { ...Object.fromEntries(named), [here.state.appUserId]: "sealwatch" };
  };
  return {
    act,
    draw,
    names,
    openThread,
    toast,
    state: () => here.state,
    contextOf: (target, errors) => ({
      names: names(),
      people: Object.fromEntries(here.state.users.map(({ id, name }) => [id, name])),
      state: here.state.chosen[target],
      errors,
      act: (what) => void act({ target, ...what }),
      suggest: async (part, typed) =>
        (await act({ act: "suggest", target, actionId: part.action_id, typed }))?.options ?? [],
    }),
  };
}

/** Keeps where the reader is in the address, so that a reload or a link leads there. */
export function remember() {
  const kept = ["as", "channel", "thread"].filter((key) => here[key] !== undefined).map((key) => [key, here[key]]);
  history.replaceState(undefined, "", `?${new URLSearchParams(kept)}`);
}
