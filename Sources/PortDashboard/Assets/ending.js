// Ending who listens on a port, and releasing an allocation.

import * as api from "./api.js";
import { ask, checkbox } from "./dialogs.js";
import { h } from "./dom.js";
import { nameOf, processName } from "./model.js";
import { toast } from "./toast.js";
import { processFacts } from "./view-drawer.js";

/** The pid that was shown is what is sent: the daemon refuses when that process listens no more. */
export function askKill(store, port) {
  const { body, state, occupiers = [] } = store.about(port) ?? {};
  let [victim] = occupiers;
  if (!victim) return toast(`nobody who could be ended listens on ${port}`, { failed: true });
  const force = checkbox("force", false, h("b", "Force: "), "SIGKILL, when SIGTERM does not close the port in three seconds.");
  const whose = body ? ` of ${nameOf(body)}${state === "conflict" ? ", where it is a stranger" : ""}` : ", which no allocation names";

  function choose(process) {
    victim = process;
    rename(`End ${processName(victim)}?`, `End ${victim.pid}`);
  }

  const radio = (process) => h("input",
    { type: "radio", name: "pid", value: process.pid, checked: process === victim && "", onchange: () => choose(process), "aria-label": processName(process) });
  const victims = occupiers.map((process) => h("label.victim", { "data-pid": process.pid }, occupiers.length > 1 && radio(process), processFacts(process)));
  const rename = ask({
    kind: "kill", isDangerous: true, content: [h("p", `It listens on port ${port}${whose}.`), victims, force.label],
    async submit() {
      const { signal } = await api.kill(port, victim.pid, force.input.checked);
      toast(`${processName(victim)} ended by ${signal}; port ${port} is closed`);
    },
    refused: ({ code }) => code === "still_listening" && force.input.focus(),
  });
  choose(victim);
}

export function askRelease(store, port) {
  const { body, occupiers } = store.about(port) ?? {};
  if (!body) return toast(`no allocation has port ${port}`, { failed: true });
  const rest = occupiers.length ? `${processName(occupiers[0])} keeps running and listening.` : "It is remembered as the service’s own.";
  ask({
    kind: "release", title: `Release ${port}?`, confirm: "Release", content: h("p", `${nameOf(body)} gives the port up. ${rest}`),
    async submit() {
      await api.release(body.id);
      toast(`Released ${port} of ${nameOf(body)}`);
    },
  });
}
