// Reserves a specific port for a service, or adopts the process that already listens there.

import * as api from "../data/api.js";
import { openDialog, checkbox } from "./dialogs.js";
import { h, setText } from "../dom.js";
import { nameOf, processName, projectOf } from "../data/model.js";

/** Opens the form. For a port on which a process listens, it is filled in from that process. */
export function showReserveForm(store, port) {
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
  /** The process that the person was shown. */
  let shown;

  function adoptable() {
    const found = store.about(fields.port.valueAsNumber);
    return found?.body || !found ? undefined : { pid: found.occupiers[0]?.pid, process: found.occupiers[0] };
  }

  /** A process that begins to listen while the form is open is adopted only when a person checks the box. */
  function offerAdoption(isChecked) {
    const found = adoptable();
    if (shown?.pid === found?.pid && Boolean(shown) === Boolean(found)) return;
    shown = found;
    adopt.input.checked = isChecked;
    adopt.label.hidden = !found;
    setText(adopt.label.lastChild, `Adopt it: ${found?.process ? processName(found.process) : "an unknown process"} listens there now, and is this service.`);
  }

  adopt.label.hidden = true;
  offerAdoption(true);
  openDialog({
    kind: "reserve", title: "Reserve a port", confirm: "Reserve", focus: port ? fields.service : fields.port,
    content: [
      h("p.quiet", "The port stays allocated until it is released."),
      h("div.fields", Object.entries(fields).map(([name, input]) => h("label", name, input))),
      adopt.label,
    ],
    async submit() {
      const wantsAdoption = shown && adopt.input.checked;
      // A process may have begun to listen within this frame, and the person has not seen it.
      offerAdoption(false);
      if (wantsAdoption && !adopt.input.checked) throw new Error("another process listens there now, or none");
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
