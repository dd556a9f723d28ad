// Reserving a certain port for a service, or adopting the one that already listens there.

import * as api from "./api.js";
import { ask, checkbox } from "./dialogs.js";
import { h, setText } from "./dom.js";
import { nameOf, processName, projectOf } from "./model.js";
import { toast } from "./toast.js";

/** With a port that is listened on, the form is filled in by what listens. */
export function askReserve(store, port) {
  const about = port && store.about(port);
  const [app, instance = "main"] = about ? projectOf(about).split("/") : [];
  const field = (name, value, more) => h("input", { name, value, required: "", maxlength: 128, autocomplete: "off", ...more });
  const fields = {
    port: field("port", port, { type: "number", min: 1, max: 65535, oninput: offerAdoption }),
    app: field("app", app),
    instance: field("instance", instance),
    service: field("service", about?.occupiers[0]?.name),
  };
  const adopt = checkbox("adopt", true);

  function adoptable() {
    const found = store.about(fields.port.valueAsNumber);
    return found?.body ? undefined : found;
  }

  function offerAdoption() {
    const [process] = adoptable()?.occupiers ?? [];
    adopt.label.hidden = !adoptable();
    setText(adopt.label.lastChild, `Adopt it: ${process ? processName(process) : "somebody"} listens there now, and is this service.`);
  }

  offerAdoption();
  ask({
    kind: "reserve", title: "Reserve a port", confirm: "Reserve", focus: port ? fields.service : fields.port,
    content: [
      h("p.quiet", "It stays the service’s until somebody releases it."),
      h("div.fields", Object.entries(fields).map(([name, input]) => h("label", name, input))),
      adopt.label,
    ],
    async submit() {
      const body = Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value.trim()]));
      body.port = Number(body.port);
      const adopts = adoptable() && adopt.input.checked;
      const answer = await (adopts ? api.adopt : api.reserve)(body);
      const { warnings } = answer.allocation ?? answer;
      toast(`${adopts ? "Adopted" : "Reserved"} ${body.port} for ${nameOf(body)}`, { hint: warnings?.join("; ") });
    },
    refused: ({ holder }, refusal) => holder && refusal.firstChild.after(`: ${nameOf(holder)} has it`),
  });
}
