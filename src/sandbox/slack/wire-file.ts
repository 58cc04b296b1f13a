import type { StandInApp } from "./methods/method.ts";
import type { Part } from "./part.ts";
import type { StandInFile } from "./workspace.ts";

/** Writes a file as Slack's answers give it. */
export function wireFile(file: StandInFile, app: StandInApp): Part {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.ready ? mimeType(file.name) : "",
    filetype: file.snippetType ?? file.name.split(".").at(-1),
    mode: file.snippetType === undefined ? "hosted" : "snippet",
    size: file.bytes.length,
    user: app.userId,
    ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
    channels: file.channels,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  json: "application/json",
};

/** Gives the media type that belongs to a file's name; unknown ones are text, so that no browser ever runs them. */
export function mimeType(name: string): string {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "text/plain";
}
