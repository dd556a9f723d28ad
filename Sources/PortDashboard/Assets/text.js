// Formats values for people.

// Control characters, changes of direction, and characters that look like a space or like nothing, so that no command
// line can look like another one. Joiners of letters and emoji stay where they have something to join.
const invisible = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ \u200c\u200d\ufe0f]]|(?<=^|[\0-\x7f\u200c\u200d])[\u200c\u200d]/gv;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Returns the text with invisible characters written out: a line end as `↵`, others in the form `<U+202E>`. */
export const visible = (text = "") => String(text).replace(invisible, (character) =>
  character === "\n" ? "↵" : `<U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}>`);

/** Like `visible`, for a text that others follow: right-to-left text in it does not reorder them. */
export const isolated = (text) => rightToLeft.test(text) ? `\u2068${visible(text)}\u2069` : visible(text);

/** Returns a word of a command line, quoted where a shell would split it. */
export const argument = (word) =>
  visible(/^[^\s'"\\$`|&;<>()*?]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export const programName = (program = "") => program.split("/").at(-1);

const units = Object.entries({ w: 604800, d: 86400, h: 3600, m: 60, s: 1 });

/** Returns a duration such as `23d`, `4h`, `12m` or `8s`. */
export function age(seconds) {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["s", 1];
  return Math.max(0, Math.floor(seconds / size)) + unit;
}

const twoDigits = (number) => String(Math.floor(number)).padStart(2, "0");

/** Returns remaining time such as `4:12`, `1:02:03` or `3d 4h`. */
export function countdown(seconds) {
  const left = Math.ceil(seconds);
  if (left >= 86400) return `${Math.floor(left / 86400)}d ${Math.floor(left % 86400 / 3600)}h`;
  const minutes = left < 3600 ? Math.floor(left / 60) : `${Math.floor(left / 3600)}:${twoDigits(left % 3600 / 60)}`;
  return `${minutes}:${twoDigits(left % 60)}`;
}

/** Returns a local time such as `14:03:59`, with the date unless it is today. */
export function clockTime(moment) {
  const date = new Date(moment);
  const [day, time] = [date.toLocaleDateString("sv"), date.toLocaleTimeString("sv")];
  return day === new Date().toLocaleDateString("sv") ? time : `${day} ${time}`;
}

export const grouped = (number = 0) => number.toLocaleString("en");
