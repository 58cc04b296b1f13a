/* Signs instead of emoji: many machines have no font for those. Each is a glyph and a colour of blocks.css. */
import { element } from "./dom.js";

const SIGNS = {
  lock: ["◆", "amber"],
  unlock: ["◇", "green"],
  white_check_mark: ["✔", "green"],
  heavy_check_mark: ["✔", "green"],
  x: ["✘", "red"],
  warning: ["⚠", "amber"],
  fast_forward: ["»", "grey"],
  hourglass_flowing_sand: ["◔", "blue"],
  hourglass: ["◔", "blue"],
  stopwatch: ["◔", "amber"],
  timer_clock: ["◔", "amber"],
  red_circle: ["●", "red"],
  large_green_circle: ["●", "green"],
  large_blue_circle: ["●", "blue"],
  large_orange_circle: ["●", "amber"],
  large_yellow_circle: ["●", "amber"],
  white_circle: ["○", "grey"],
  black_circle: ["●", "black"],
  grey_question: ["?", "grey"],
  question: ["?", "amber"],
  bangbang: ["‼", "red"],
  exclamation: ["!", "red"],
  rotating_light: ["▲", "red"],
  bell: ["▲", "amber"],
  mega: ["▲", "blue"],
  loudspeaker: ["▲", "blue"],
  raised_hand: ["■", "amber"],
  pause_button: ["‖", "grey"],
  zzz: ["z", "grey"],
  wrench: ["⚒", "blue"],
  hammer_and_wrench: ["⚒", "blue"],
  octagonal_sign: ["■", "red"],
  no_entry: ["⊘", "red"],
  no_entry_sign: ["⊘", "red"],
  checkered_flag: ["⚑", "grey"],
  triangular_flag_on_post: ["⚑", "red"],
  clipboard: ["▤", "grey"],
  book: ["▤", "blue"],
  books: ["▤", "blue"],
  page_facing_up: ["▤", "grey"],
  memo: ["✎", "grey"],
  paperclip: ["▤", "grey"],
  floppy_disk: ["▣", "blue"],
  package: ["▣", "grey"],
  calendar: ["▦", "blue"],
  chart_with_upwards_trend: ["▲", "blue"],
  link: ["⇗", "blue"],
  key: ["✱", "amber"],
  shield: ["◆", "blue"],
  speech_balloon: ["❝", "grey"],
  bust_in_silhouette: ["◉", "grey"],
  busts_in_silhouette: ["◉", "grey"],
  ballot_box_with_check: ["☑", "green"],
  arrow_right: ["→", "grey"],
  repeat: ["↻", "blue"],
  arrows_counterclockwise: ["↻", "blue"],
  information_source: ["i", "blue"],
  eyes: ["◉", "blue"],
  fire: ["▲", "red"],
};

/** Makes the sign of an emoji's name; undefined for a name that is none. */
export function sign(name) {
  if (!Object.hasOwn(SIGNS, name)) return undefined;
  const [glyph, colour] = SIGNS[name];
  const node = element("span", `sign ${colour}`, glyph);
  node.title = name.replaceAll("_", " ");
  return node;
}
