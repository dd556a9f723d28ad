// Values as people read them.

// Controls, turns of direction, and what looks like a space or like nothing: no command line shall look like another. What
// joins letters and emoji stays, where it has one to join.
const unseen = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ \u200c\u200d\ufe0f]]|(?<=^|[\0-\x7f\u200c\u200d])[\u200c\u200d]/gv;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The text with what cannot be seen written out: a line's end as `↵`, the others as `<U+202E>`. */
export const visible = (text = "") => String(text).replace(unseen, (character) =>
  character === "\n" ? "↵" : `<U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}>`);

/** As `visible`, for a text that others follow: it reorders none of them. */
export const isolated = (text) => rightToLeft.test(text) ? `\u2068${visible(text)}\u2069` : visible(text);

/** A word of a command line, quoted where a shell would split it. */
export const argument = (word) =>
  visible(/^[^\s'"\\$`|&;<>()*?]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export const programName = (program = "") => program.split("/").at(-1);

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
