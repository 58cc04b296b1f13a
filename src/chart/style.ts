/** Ink of titles and values. */
export const INK = "#1d1c1d";
/** Ink of what explains. */
export const QUIET_INK = "#5a5a5e";
/** What is drawn on. */
export const PAPER = "#ffffff";
/** Lines of the grid. */
export const FAINT = "#e3e3e6";

/** Told apart by colour-blind people too, and dark enough on white; the second round is dashed. */
const COLORS = ["#0072b2", "#d55e00", "#00805c", "#a8327d", "#3d3d3d"] as const;

/** How a line is drawn. */
export type Stroke = { readonly color: string; readonly dash: number[] | "solid" };

/** Gives the colour and dash of the n-th line; the first ten differ. */
export function strokeOf(index: number): Stroke {
  const color = COLORS[index % COLORS.length] ?? INK;
  return { color, dash: index < COLORS.length ? "solid" : [5, 4] };
}
