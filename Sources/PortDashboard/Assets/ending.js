// Ending who listens on a port, and releasing an allocation.

import * as api from "./api.js";
import { ask, checkbox } from "./dialogs.js";
import { h } from "./dom.js";
import { nameOf, processName } from "./model.js";
import { toast } from "./toast.js";
import { processFacts } from "./view-drawer.js";

/**
 * The pid that was shown is what is sent: the daemon refuses when that process listens no more. Who comes meanwhile is
 * shown, and chosen only by a person; who goes can be chosen no more.
 */
export function askKill(store, port) {
  const { body, state, occupiers = [] } = store.about(port) ?? {};
  if (!occupiers.length) return toast(`nobody who could be ended listens on ${port}`, { failed: true });
  const force = checkbox("force", false, h("b", "Force: "), "SIGKILL, when SIGTERM does not close the port in three seconds.");
  const whose = body ? ` of ${nameOf(body)}${state === "conflict" ? ", where it is a stranger" : ""}` : ", which no allocation names";
  const place = h("div.victims", { role: "radiogroup", "aria-label": "Who is ended" });
  /** By pid: the process, and what is shown of it. */
  const victims = new Map();
  let victim = occupiers[0].pid;

  function add(process) {
    const { pid } = process;
    const onchange = () => follow(victim = pid);
    const radio = h("input", { type: "radio", name: "pid", value: pid, checked: pid === victim && "", onchange, "aria-label": processName(process) });
    const label = h("label.victim", { "data-pid": pid }, radio, processFacts(process));
    victims.set(pid, { process, radio, label });
    place.append(label);
  }

  function follow() {
    const found = store.about(port)?.occupiers ?? [];
    for (const process of found) if (!victims.has(process.pid)) add(process);
    for (const [pid, { radio, label }] of victims) {
      radio.disabled = !found.some((process) => process.pid === pid);
      label.classList.toggle("ended", radio.disabled);
    }
    const { process, radio } = victims.get(victim);
    rename(radio.disabled ? `${processName(process)} listens no more` : `End ${processName(process)}?`, `End ${victim}`, !radio.disabled);
  }

  const rename = ask({
    kind: "kill", isDangerous: true, content: [h("p", `It listens on port ${port}${whose}.`), place, force.label],
    async submit() {
      const { process } = victims.get(victim);
      const { signal } = await api.kill(port, victim, force.input.checked);
      return `${processName(process)} ended by ${signal}; port ${port} is closed`;
    },
    refused: ({ code }) => code === "still_listening" && force.input.focus(),
    closed: store.subscribe(follow),
  });
  follow();
}

export function askRelease(store, port) {
  const { body, occupiers } = store.about(port) ?? {};
  if (!body) return toast(`no allocation has port ${port}`, { failed: true });
  const rest = occupiers.length ? `${processName(occupiers[0])} keeps running and listening.` : "It is remembered as the service’s own.";
  ask({
    kind: "release", title: `Release ${port}?`, confirm: "Release", content: h("p", `${nameOf(body)} gives the port up. ${rest}`),
    async submit() {
      await api.release(body.id);
      return `Released ${port} of ${nameOf(body)}`;
    },
  });
}
