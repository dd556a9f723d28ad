// A row of a list: an allocation or an unclaimed listener.

import { actionButton, commandLine, h, leadTo, openLink, put, setText, sign } from "../dom.js";
import { holdView, withoutCountdown } from "./holds.js";
import { addressesOf, listenerName, nameOf, placeOf, portText, reachedPort, rowName, verdictText } from "../data/model.js";
import { age, argument, clockTime, programName, visible } from "../text.js";

// More words of a command do not fit into a line; the details show them all.
const maximumWords = 20;

/** Makes a row. Its `hasChangedState` is whether the last update changed the state. */
export function makeRow(port) {
  let holds = [], created, known = {};
  const [mark, name, replica, tags] = [sign(), h("bdi.name"), h("span.quiet"), h("span.tags")];
  const [word, process, command, where] = [h("span.word"), h("span.process"), h("span.argv"), h("bdi.where")];
  const [held, aged, open] = [h("div.holds"), h("time.age"), openLink(port)];
  const number = h("button.port", { type: "button", "data-action": "details" }, String(port));
  const kill = actionButton("kill", `Kill the process that listens on ${port}`);
  const release = actionButton("release", `Release ${port}`);
  const claim = actionButton("claim", `Reserve ${port} for a service`);
  const element = h("li.row", { "data-port": port },
    h("div.cell-port", mark, number), h("div.cell-name", name, replica, tags), word, h("div.cell-who", process, " ", command),
    where, held, aged, h("div.actions", actionButton("copy", `Copy ${port}`), open, kill, release, claim));
  const row = { element, update, tick };

  function update(about) {
    const { body = {}, state, occupiers: [first], isOwn } = about;
    row.hasChangedState = element.dataset.state !== state;
    put(element, "data-state", state);
    put(mark, "data-state", state);
    put(element, "data-id", body.id);
    put(element, "data-pid", first?.pid);
    const who = listenerName(about);
    const own = body.id && rowName(body);
    const verdict = verdictText(body);
    setText(number, portText(port, body));
    const elsewhere = body.actual_port ? `, listens on ${body.actual_port}` : "";
    put(number, "aria-label", `Port ${port}${elsewhere}, ${visible(own ?? who)}, ${state}: details`);
    leadTo(open, reachedPort(port, body), body.verdict === "foreign");
    setText(name, visible(own));
    put(name, "title", body.id && nameOf(body));
    setText(replica, body.replica ? `#${body.replica}` : "");
    tags.replaceChildren(...(body.tags ?? []).slice(0, 2).map((tag) => h("bdi.tag", visible(tag))));
    setText(word, body.verdict === "unknown" ? `${state}, not proven` : state);
    put(word, "title", verdict);
    setText(process, who);
    process.classList.toggle("quiet", !first);
    setCommand(first);
    setText(where, [isOwn ? "this dashboard" : visible(placeOf(about)), addressesOf(about)].filter(Boolean).join(" · "));
    open.classList.toggle("idle", state === "reserved");
    kill.hidden = !first || isOwn;
    release.hidden = !body.id;
    claim.hidden = Boolean(body.id) || isOwn;
    hold(body.holds ?? [], about.since);
    created = Date.parse(body.created_at);
    put(aged, "datetime", body.created_at);
    put(aged, "title", created && `Allocated ${clockTime(created)}`);
    tick(performance.now(), Date.now());
  }

  /** Shows the command, without the program when the process has its name. */
  function setCommand({ name, command: [program, ...words] = [] } = {}) {
    const isNamed = programName(program) === name;
    const parts = program === undefined || isNamed ? words : [programName(program), ...words];
    if (known.command === (known.command = parts.join("\0"))) return;
    command.replaceChildren(commandLine(parts.slice(0, maximumWords)));
    put(command, "title", [program, ...words].map(argument).join(" ").slice(0, 500));
  }

  function hold(all, since) {
    const shown = all.map(withoutCountdown);
    if (known.holds !== (known.holds = JSON.stringify(shown))) {
      holds = shown.slice(0, 2).map((hold) => holdView(hold));
      const more = all.length > 2 ? `+${all.length - 2}` : all.length ? "" : "no hold";
      held.replaceChildren(...holds.map((view) => view.element), h("span.quiet", more));
    }
    holds.forEach((view, index) => view.renew(all[index].seconds_left, since));
  }

  function tick(now, wall) {
    if (created) setText(aged, age((wall - created) / 1000));
    for (const view of holds) view.tick(now);
  }

  return row;
}
