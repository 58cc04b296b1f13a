import type { Workspace } from "./workspace.ts";

/** Waits until `read` gives something, looking again after every change; rejects after `timeoutMs` with what there was instead. */
export async function whenThere<T>(workspace: Workspace, read: () => T | undefined, timeoutMs: number): Promise<T> {
  const now = read();
  if (now !== undefined) return now;
  return await new Promise<T>((resolve, reject) => {
    const end = workspace.onChange(() => {
      const value = read();
      if (value === undefined) return;
      clearTimeout(timer);
      end();
      resolve(value);
    });
    const timer = setTimeout(() => {
      end();
      reject(new Error(`nothing fitting came within ${timeoutMs} ms; there are:\n${describe(workspace)}`));
    }, timeoutMs);
  });
}

function describe(workspace: Workspace): string {
  const lines = [
    ...workspace.messages.map(
      (message) => `message ${message.ts}${message.threadTs === undefined ? "" : " in a thread"}: ${message.text}`,
    ),
    ...workspace.ephemerals.map((ephemeral) => `ephemeral for ${ephemeral.userId}: ${ephemeral.text}`),
    ...workspace.views.map((view) => `view ${view.id} for ${view.userId}: ${String(view.view["callback_id"])}`),
  ];
  return lines.length === 0 ? "(nothing)" : lines.join("\n");
}
