// Reserving a certain port for a service, or adopting the one that already listens there.

import * as api from "./api.js";
import { ask, checkbox } from "./dialogs.js";
import { h, setText } from "./dom.js";
import { nameOf, processName, projectOf } from "./model.js";

/** With a port that is listened on, the form is filled in by what listens. */
export function askReserve(store, port) {
  const about = port && store.about(port);
  const [app, instance = "main"] = about ? projectOf(about).split("/") : [];
  const field = (name, value, more) => h("input", { name, value, required: "", maxlength: 128, autocomplete: "off", ...more });
  const fields = {
    port: field("port", port, { type: "number", min: 1, max: 65535, oninput: () => offerAdoption(true) }),
    app: field("app", app),
    instance: field("instance", instance),
    service: field("service", about?.occupiers[0]?.name),
  };
  const adopt = checkbox("adopt", true);
  /** Who the person was shown. */
  let shown;

  function adoptable() {
    const found = store.about(fields.port.valueAsNumber);
    return found?.body || !found ? undefined : { pid: found.occupiers[0]?.pid, process: found.occupiers[0] };
  }

  /** Who comes by themselves while the form is open are adopted only when a person says so. */
  function offerAdoption(isAsked) {
    const found = adoptable();
    if (shown?.pid === found?.pid && Boolean(shown) === Boolean(found)) return;
    shown = found;
    adopt.input.checked = isAsked;
    adopt.label.hidden = !found;
    setText(adopt.label.lastChild, `Adopt it: ${found?.process ? processName(found.process) : "somebody"} listens there now, and is this service.`);
  }

  adopt.label.hidden = true;
  offerAdoption(true);
  ask({
    kind: "reserve", title: "Reserve a port", confirm: "Reserve", focus: port ? fields.service : fields.port,
    content: [
      h("p.quiet", "It stays the service’s until somebody releases it."),
      h("div.fields", Object.entries(fields).map(([name, input]) => h("label", name, input))),
      adopt.label,
    ],
    async submit() {
      const wantsAdoption = shown && adopt.input.checked;
      // Who came within this frame was not seen yet.
      offerAdoption(false);
      if (wantsAdoption && !adopt.input.checked) throw new Error("somebody else listens there now, or nobody");
      const body = Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value.trim()]));
      body.port = Number(body.port);
      const answer = await (wantsAdoption ? api.adopt : api.reserve)(body);
      const { warnings } = answer.allocation ?? answer;
      return [`${wantsAdoption ? "Adopted" : "Reserved"} ${body.port} for ${nameOf(body)}`, warnings?.join("; ")];
    },
    refused: ({ holder }, refusal) => holder && refusal.firstChild.after(`: ${nameOf(holder)} has it`),
    closed: store.subscribe(() => offerAdoption(false)),
  });
}
