// Values as people read them.

// Controls, turns of direction and what cannot be seen: no command line shall look like another. U+200C and U+200D stay:
// they join letters and emoji.
const unseen = /[\0-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with what cannot be seen written out, as `<U+202E>`. */
export const visible = (text = "") => String(text).replace(unseen, (character) =>
  `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`);

/** A command line, quoted where a shell would split it. */
export const commandLine = (words) =>
  words.map((word) => visible(/^[^\s'"\\$`|&;<>()*?]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

export const shortCommand = ([program = "", ...rest]) => commandLine([program.split("/").at(-1), ...rest]);

const units = Object.entries({ w: 604800, d: 86400, h: 3600, m: 60, s: 1 });

/** `23d`, `4h`, `12m`, `8s`. */
export function age(seconds) {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["s", 1];
  return Math.max(0, Math.floor(seconds / size)) + unit;
}

const two = (number) => String(Math.floor(number)).padStart(2, "0");

/** `4:12`, `1:02:03`, `3d 4h`. */
export function countdown(seconds) {
  const left = Math.ceil(seconds);
  if (left >= 86400) return `${Math.floor(left / 86400)}d ${Math.floor(left % 86400 / 3600)}h`;
  const minutes = left < 3600 ? Math.floor(left / 60) : `${Math.floor(left / 3600)}:${two(left % 3600 / 60)}`;
  return `${minutes}:${two(left % 60)}`;
}

/** `14:03:59` of today, else with its date. */
export function clockTime(moment) {
  const date = new Date(moment);
  const [day, time] = [date.toLocaleDateString("sv"), date.toLocaleTimeString("sv")];
  return day === new Date().toLocaleDateString("sv") ? time : `${day} ${time}`;
}

export const grouped = (number = 0) => number.toLocaleString("en");
