import type { PageFormat } from "./expose.ts";

type MediaRange = { readonly type: string; readonly version: string | undefined; readonly quality: number };

/** Reads an `Accept` header as Prometheus' own libraries do: what the client likes best and we can write, and text for everybody else. */
export function chooseFormat(accept: string | undefined): PageFormat {
  const liked = rangesOf(accept ?? "").sort((left, right) => right.quality - left.quality);
  return liked.map(formatOf).find((format) => format !== undefined) ?? "text";
}

function formatOf({ type, version, quality }: MediaRange): PageFormat | undefined {
  if (quality === 0) return undefined;
  if (type === "application/openmetrics-text" && (version ?? "1.0.0") === "1.0.0") return "openmetrics";
  if (type === "text/plain" && (version ?? "0.0.4") !== "0.0.4") return undefined;
  return type === "text/plain" || type === "text/*" || type === "*/*" ? "text" : undefined;
}

function rangesOf(accept: string): MediaRange[] {
  return accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const given = new Map(parameters.map((parameter) => keyAndValue(parameter)));
    const quality = Number(given.get("q") ?? 1);
    return { type, version: given.get("version"), quality: Number.isFinite(quality) ? quality : 0 };
  });
}

function keyAndValue(parameter: string): readonly [string, string] {
  const at = parameter.indexOf("=");
  return at === -1 ? [parameter, ""] : [parameter.slice(0, at), parameter.slice(at + 1).replaceAll('"', "")];
}
